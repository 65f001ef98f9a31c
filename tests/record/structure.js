// A page's structure out of the browser's accessibility tree (the nodes of CDP's Accessibility.getFullAXTree).
// Pure: a list of nodes in, a list of elements out. It keeps what can be acted on and what gives the page its
// shape; of roles that hold somebody's text it keeps at most the place, never the text, and never a value.

// Not elements of their own: text, layout, and wrappers that say nothing.
const dropped = new Set(['StaticText', 'InlineTextBox', 'LineBreak', 'ListMarker', 'none', 'generic', 'RootWebArea',
    'Iframe', 'IframePresentational', 'LabelText', 'LayoutTable', 'LayoutTableRow', 'LayoutTableCell', 'Abbr', 'emphasis',
    'strong', 'mark', 'superscript', 'subscript', 'Pre', 'SvgRoot', 'DescriptionListDetail', 'DescriptionListTerm', 'Canvas',
    'Legend', 'Ruby', 'time', 'insertion', 'deletion', 'separator', 'MenuListPopup', 'code', 'term',
    'definition', 'DescriptionList']);

// Their names come from the text they hold.
const content = new Set(['paragraph', 'cell', 'gridcell', 'row', 'listitem', 'blockquote', 'article', 'caption',
    'Figcaption', 'figure', 'log', 'status', 'alert', 'note', 'math', 'Details',
    'comment', 'suggestion', 'group', 'generic']);

// Pictures without a name say nothing about the page's shape.
const only_named = new Set(['image', 'graphics-symbol', 'graphics-document']);

const states = new Set(['checked', 'disabled', 'expanded', 'focused', 'pressed', 'selected', 'required', 'readonly',
    'invalid', 'level', 'modal', 'hasPopup', 'multiselectable', 'orientation', 'current']);

const sections = {banner: 'header', navigation: 'navigation', main: 'main', contentinfo: 'footer',
    complementary: 'aside', search: 'search', form: 'form', dialog: 'dialog', alertdialog: 'dialog', menu: 'menu',
    toolbar: 'toolbar', tablist: 'tabs', region: 'region', Section: 'region'};

const camel_to_plain = {DisclosureTriangle: 'button', PopUpButton: 'combobox', MenuListOption: 'option', Section: 'region'};

function state_of(node) {
    const state = {};
    for (const {name, value} of node.properties ?? []) {
        if (!states.has(name) || value.value === undefined) continue;
        const plain = value.value === 'true' ? true : value.value === 'false' ? false : value.value;
        if (plain === false && name !== 'expanded' && name !== 'pressed' && name !== 'checked' && name !== 'selected') continue;
        state[name] = plain;
    }
    return state;
}

// A name that comes from a label takes in the values of the controls inside that label.
function without_value(node, name) {
    const value = typeof node.value?.value === 'string' ? node.value.value.trim() : '';
    return value ? name.replace(value, '').trim() : name;
}

function element_of(node, ref, parent, section) {
    const raw = node.role.value;
    const spoken = (node.name?.value ?? '').replace(/[\uE000-\uF8FF]/g, '').replace(/\s+/g, ' ').trim();
    const name = content.has(raw) ? '' : without_value(node, spoken.slice(0, 120));
    return {ref, role: (camel_to_plain[raw] ?? raw).toLowerCase(), name, state: state_of(node), parent, section};
}

// `most` bounds the list: a page may hold thousands of rows, and its first ones tell its structure.
export function elements_of(nodes, most) {
    const by_id = new Map(nodes.map((node) => [node.nodeId, node]));
    const elements = [];
    const open = [{node: nodes[0], parent: 0, section: 'body'}];
    while (open.length > 0 && elements.length < most) {
        const {node, parent, section} = open.pop();
        let here = {parent, section};
        if (!node.ignored && node.role && !dropped.has(node.role.value) &&
            !(only_named.has(node.role.value) && (content.has(node.role.value) || !node.name?.value))) {
            here = {parent: elements.length + 1, section: sections[node.role.value] ?? section};
            elements.push(element_of(node, here.parent, parent, here.section));
        }
        // Last child first: the stack then gives the order of the document.
        for (const id of [...(node.childIds ?? [])].reverse()) {
            if (by_id.has(id)) open.push({node: by_id.get(id), ...here});
        }
    }
    return elements;
}
