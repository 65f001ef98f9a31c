// The capture script: what runs inside every page (and same-origin frame) of a recorded session.
// It turns what a person does into events with the accessible name, role and state of the element, and
// hands each to window.nd_emit, which the recorder binds. It never reads a value, a typed character, a
// selection or the clipboard: an input says only that it changed, a key only its name when it prints nothing.
(() => {
    if (window.nd_capturing) return;
    window.nd_capturing = true;

    const acting = new Set(['button', 'link', 'checkbox', 'radio', 'switch', 'tab', 'menuitem',
        'menuitemcheckbox', 'menuitemradio', 'textbox', 'searchbox', 'combobox', 'listbox', 'option',
        'slider', 'spinbutton', 'treeitem', 'columnheader', 'disclosuretriangle']);
    // Text inside these is somebody's content, so it never serves as a fallback name.
    const content = 'input,textarea,select,[contenteditable],[role=textbox],.monaco-editor,.CodeMirror,pre,code';
    const labelled_by_value = 'button,[type=submit],[type=button],[type=reset],[type=checkbox],[type=radio],li,progress,meter';
    // Roles that hold somebody's text have no name here; containers have only the one they are given.
    const texts = new Set(['row', 'cell', 'gridcell', 'listitem', 'paragraph', 'code', 'blockquote', 'article', 'log',
        'status', 'alert', 'definition', 'term', 'note']);
    const gathered = new Set([...texts, 'generic', 'none', 'group', 'document', 'form', 'labeltext']);
    const sections = [['dialog', 'dialog,[role=dialog],[role=alertdialog]'], ['menu', '[role=menu]'],
        ['header', 'header,[role=banner]'], ['navigation', 'nav,[role=navigation]'],
        ['search', 'search,[role=search]'], ['footer', 'footer,[role=contentinfo]'],
        ['aside', 'aside,[role=complementary]'], ['form', 'form,[role=form]'],
        ['toolbar', '[role=toolbar]'], ['tabs', '[role=tablist]'], ['main', 'main,[role=main]']];

    // Without the glyphs of icon fonts: they are pictures.
    const short = (text) => text.replace(/[\uE000-\uF8FF]/g, '').replace(/\s+/g, ' ').trim().slice(0, 120);
    const role_of = (el) => el.computedRole || el.getAttribute('role') || 'generic';

    function route() {
        const at = window.top.location;
        return at.pathname + at.hash;
    }

    // The accessible name, or the tool tip, without the value: a name that comes from a label takes in the
    // values of the controls inside that label. A container's name would be gathered from all that it holds.
    function given_name(el, role) {
        const computed = gathered.has(role) ? '' : el.computedName;
        const given = short(computed || el.getAttribute('aria-label') || el.getAttribute('title') || '');
        const value = short(typeof el.value === 'string' && !el.matches(labelled_by_value) ? el.value : '');
        return value ? short(given.replace(value, '')) : given;
    }

    // Where the application gave no name, a short label that the element shows.
    function name_of(el) {
        const role = role_of(el);
        const given = given_name(el, role);
        if (given || texts.has(role) || el.closest(content) || el.querySelector(content + ',a,button,[role]')) return given;
        const shown = short(el.textContent || '');
        return shown.length <= 48 ? shown : '';
    }

    function parent_of(el) {
        return el.parentElement || (el.getRootNode() instanceof ShadowRoot ? el.getRootNode().host : null);
    }

    // A click lands on an icon or a span; the element that a person means is the acting one around it.
    function meant(event) {
        const start = event.composedPath()[0];
        if (!(start instanceof Element)) return null;
        for (let el = start, n = 0; el && n < 8; el = parent_of(el), ++n) {
            if (acting.has(role_of(el))) return el;
        }
        for (let el = start, n = 0; el && el !== document.body && n < 5; el = parent_of(el), ++n) {
            if (name_of(el)) return el;
        }
        return start;
    }

    function state_of(el) {
        const state = {};
        for (const name of ['expanded', 'pressed', 'selected', 'checked', 'current', 'haspopup', 'invalid']) {
            const given = el.getAttribute('aria-' + name);
            if (given) state[name] = given === 'true' ? true : given === 'false' ? false : given;
        }
        if (el.type === 'checkbox' || el.type === 'radio') state.checked = el.checked;
        if (el.disabled || el.getAttribute('aria-disabled') === 'true') state.disabled = true;
        if (el.readOnly) state.readonly = true;
        if (el.required) state.required = true;
        if (el === el.ownerDocument.activeElement) state.focused = true;
        return state;
    }

    function section_of(el) {
        for (const [name, selector] of sections) {
            if (el.closest(selector)) return name;
        }
        return 'body';
    }

    // The id as its author wrote it; one with a number in it was made up on the spot.
    function id_of(el) {
        return /^[a-z][a-z_-]{2,60}$/i.test(el.id) ? {id: el.id} : {};
    }

    function emit(name, properties) {
        window.nd_emit({name, occurred_at: new Date().toISOString(), page: route(), properties});
    }

    function emit_on(name, el, more = {}) {
        emit(name, {role: role_of(el), element: name_of(el), state: state_of(el),
            section: section_of(el), tag: el.tagName.toLowerCase(), ...id_of(el), ...more});
    }

    function on(type, handler) {
        window.addEventListener(type, (event) => {
            const el = event.isTrusted ? meant(event) : null;
            if (el) handler(el, event);
        }, {capture: true, passive: true});
    }

    // Where on the element, in percent: enough for a heat map, and the same at every window size.
    function place(el, event) {
        const box = el.getBoundingClientRect();
        const part = (at, from, size) => size ? Math.max(0, Math.min(100, Math.round((at - from) * 100 / size))) : 0;
        return {x: part(event.clientX, box.left, box.width), y: part(event.clientY, box.top, box.height)};
    }

    on('click', (el, event) => emit_on('element_clicked', el,
        event.detail === 0 ? {trigger: 'keyboard'} : {trigger: 'pointer', at: place(el, event)}));
    on('dblclick', (el, event) => emit_on('element_double_clicked', el, {at: place(el, event)}));
    on('contextmenu', (el, event) => emit_on('context_menu_opened', el, {at: place(el, event)}));
    on('submit', (el) => emit_on('form_submitted', el));
    on('focusin', (el) => { if (acting.has(role_of(el))) emit_on('element_focused', el); });
    on('focusout', (el) => { if (acting.has(role_of(el))) emit_on('element_blurred', el); });
    for (const action of ['copy', 'cut', 'paste']) on(action, (el) => emit_on('clipboard_used', el, {action}));

    // Only keys that print nothing, and chords: a printed character is part of a value.
    const modifiers = new Set(['Shift', 'Control', 'Alt', 'Meta', 'AltGraph', 'CapsLock', 'Dead', 'Process', 'Unidentified']);
    on('keydown', (el, event) => {
        const chord = event.ctrlKey || event.metaKey || event.altKey;
        if (modifiers.has(event.key) || (event.key.length === 1 && !chord)) return;
        const held = ['ctrl', 'alt', 'meta', 'shift'].filter((name) => event[name + 'Key']);
        emit_on('key_pressed', el, {key: [...held, event.key].join('+')});
    });

    // A burst of typing is one change, told when it pauses; how much was typed is not told.
    const typing = new Map();
    function typed(el) {
        clearTimeout(typing.get(el));
        typing.delete(el);
        emit_on('input_changed', el, {input_type: el.type || 'text'});
    }
    on('input', (el) => {
        clearTimeout(typing.get(el));
        typing.set(el, setTimeout(() => typed(el), 500));
    });
    on('change', (el) => { if (typing.has(el) || el.matches('select,[type=checkbox],[type=radio]')) typed(el); });

    // A hover counts when the pointer rests on an acting element.
    let hover = {el: null, since: 0};
    on('pointerover', (el) => {
        if (el === hover.el) return;
        const rested = Math.round(performance.now() - hover.since);
        if (hover.el && hover.el.isConnected && rested >= 120) emit_on('element_hovered', hover.el, {dwell_ms: rested});
        hover = {el: acting.has(role_of(el)) || name_of(el) ? el : null, since: performance.now()};
    });

    let press = null;
    on('pointerdown', (el, event) => { press = {el, x: event.clientX, y: event.clientY}; });
    on('pointerup', (el, event) => {
        const moved = press ? Math.hypot(event.clientX - press.x, event.clientY - press.y) : 0;
        if (moved > 24) emit_on('element_dragged', press.el, {onto: role_of(el), distance: Math.round(moved)});
        press = null;
    });

    const scrolling = new Map();
    window.addEventListener('scroll', (event) => {
        const el = event.target === document ? document.scrollingElement : event.target;
        if (!(el instanceof Element)) return;
        clearTimeout(scrolling.get(el));
        scrolling.set(el, setTimeout(() => {
            scrolling.delete(el);
            const room = el.scrollHeight - el.clientHeight;
            const depth = room > 0 ? Math.round(el.scrollTop * 100 / room) : 0;
            emit('page_scrolled', {role: role_of(el), element: el.closest(content) ? '' : short(el.getAttribute('aria-label') || ''),
                section: section_of(el), tag: el.tagName.toLowerCase(), depth});
        }, 200));
    }, {capture: true, passive: true});

    if (window !== window.top) return;

    // Page views, also of applications that change only the address.
    let last = null;
    function viewed(how) {
        const page = route();
        if (last && last.page === page) return;
        const more = {role: 'document', element: short(document.title), how, width: innerWidth, height: innerHeight};
        if (last) {
            more.from = last.page;
            more.stayed_ms = Math.round(performance.now() - last.since);
        }
        last = {page, since: performance.now()};
        emit('page_viewed', more);
    }
    for (const call of ['pushState', 'replaceState']) {
        const own = history[call].bind(history);
        history[call] = (...args) => {
            own(...args);
            setTimeout(() => viewed(call), 0);
        };
    }
    window.addEventListener('popstate', () => viewed('history'));
    window.addEventListener('hashchange', () => viewed('hash'));
    window.addEventListener('DOMContentLoaded', () => {
        viewed('load');
        new MutationObserver(dialogs).observe(document.body, {childList: true, subtree: true});
    });

    const seen = new WeakSet();
    function dialogs() {
        for (const el of document.querySelectorAll('dialog[open],[role=dialog],[role=alertdialog]')) {
            if (seen.has(el) || !el.getClientRects().length) continue;
            seen.add(el);
            emit_on('dialog_opened', el);
        }
    }
})();
