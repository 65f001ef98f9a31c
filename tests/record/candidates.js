// What a person could act on in what the page shows now: visible, in the window, not covered, not leading away.

const acting = 'a[href],button,[role=button],[role=tab],[role=menuitem],[role=link],[role=option],[role=treeitem],' +
    'input:not([type=hidden]):not([type=file]),select,textarea,summary,[role=checkbox],[role=switch],[tabindex="0"],' +
    'a[tabindex],label[for]';

// Answers [{x, y, kind: text|select|other, label}] in the order of the document.
export async function candidates(page, inside, avoid) {
    return page.evaluate(({acting, inside, avoid}) => {
        const bad = avoid ? new RegExp(avoid, 'i') : null;
        const leads_away = (el) => {
            const link = el.closest('a[href]');
            return link && (link.target === '_blank' || link.hasAttribute('download') ||
                !(link.href.startsWith(location.origin + '/') || link.getAttribute('href').startsWith('#')));
        };
        const kind = (el) => el.matches('select') ? 'select'
            : el.matches('textarea,input:not([type]),input[type=text],input[type=search],input[type=password],input[type=email]') &&
                !el.readOnly ? 'text' : 'other';
        const found = [];
        for (const el of document.querySelectorAll(acting)) {
            if (!el.closest(inside) || el.disabled || leads_away(el)) continue;
            const box = el.getBoundingClientRect();
            const x = box.left + box.width / 2;
            const y = box.top + box.height / 2;
            if (box.width < 4 || box.height < 4 || x < 0 || y < 0 || x >= innerWidth || y >= innerHeight) continue;
            const hit = document.elementFromPoint(x, y);
            if (!hit || !(el.contains(hit) || hit.contains(el))) continue;
            const label = el.tagName + ':' + (el.computedName || el.title || el.textContent.trim() || el.id || el.className).slice(0, 60);
            const to = el.closest('a[href]');
            if (bad && bad.test(label + ' ' + (to ? to.pathname + to.hash : ''))) continue;
            found.push({x, y, kind: kind(el), label});
        }
        return found;
    }, {acting, inside, avoid});
}
