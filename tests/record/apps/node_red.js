// Node-RED: a flow editor with a canvas, a palette, trays, menus and keyboard shortcuts. Its flows are the
// examples that come with it, one per tab; each tab is a route of its own.
import {readFileSync, writeFileSync} from 'node:fs';
import {createRequire} from 'node:module';
import {dirname, join} from 'node:path';
import {free_port, new_folder, run_server} from '../server.js';

const require = createRequire(import.meta.url);

// Examples that touch no network, no file and no command.
const examples = {
    'join-sequence': 'sequence/join/01 - Automatic join mode',
    'sort-messages': 'sequence/sort/02 - Sort message sequence',
    'split-payload': 'sequence/split/01 - Split message payload',
    'batch-messages': 'sequence/batch/01 - Number-based group mode',
    'parse-csv': 'parser/csv/01 - Parse CSV with default column name as message sequence',
    'parse-json': 'parser/json/01 - Convert JSON string to JavaScript object',
    'parse-xml': 'parser/xml/01 - Convert JavaScript object to XML',
    'parse-yaml': 'parser/yaml/02 - Convert YAML to JavaScript object',
    'delay-message': 'function/delay/01 - Delay message',
    'limit-rate': 'function/delay/04 - Limit message rate',
    'switch-rules': 'function/switch/02 - Check all rules',
    'catch-error': 'common/catch/01 - Catch error',
    'node-status': 'common/status/01 - Handle status message output',
    'http-endpoint': 'network/http/01 - Create HTTP endpoint',
};

function flows() {
    const root = join(dirname(require.resolve('@node-red/nodes/package.json')), 'examples');
    return Object.entries(examples).flatMap(([id, file]) => [
        {id, type: 'tab', label: file.replace(/.*\d+ - /, ''), disabled: false, info: ''},
        ...JSON.parse(readFileSync(join(root, file + '.json'), 'utf8')).map((node) => ({...node, z: id})),
    ]);
}

export async function start() {
    const folder = new_folder('node-red');
    const port = await free_port();
    writeFileSync(join(folder, 'flows.json'), JSON.stringify(flows()));
    writeFileSync(join(folder, 'settings.js'), `module.exports = {
        uiHost: '127.0.0.1', flowFile: 'flows.json', credentialSecret: false, telemetry: {enabled: false},
        externalModules: {palette: {allowInstall: false}}, logging: {console: {level: 'warn'}},
        editorTheme: {tours: false, projects: {enabled: false}},
    };\n`);
    const script = join(dirname(require.resolve('node-red/package.json')), 'red.js');
    const args = ['--userDir', folder, '--port', String(port), '--settings', join(folder, 'settings.js')];
    return run_server({folder, port, script, args});
}

// What takes away what the next step needs, or covers the editor until it is over.
const avoid = 'delete|hide|lock|disable|website|logout|tour|welcome';

// Out of whatever is open: a menu, a dialog, the trays one by one.
export async function calm(page) {
    for (let n = 0; n < 6; ++n) {
        await page.keyboard.press('Escape');
        const leave = page.locator('.red-ui-tray').last().locator('.red-ui-tray-toolbar button:visible')
            .filter({hasText: /^\s*(Cancel|Close)\s*$/}).first();
        const box = await leave.count() ? await leave.boundingBox() : null;
        if (!box && await page.locator('.red-ui-tourGuide-shade').count() === 0) break;
        if (!box) continue;
        await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
        await page.waitForTimeout(500);
    }
    await page.waitForTimeout(150);
}

async function open(person, origin) {
    await person.page.goto(origin + '/');
    await person.page.locator('.red-ui-palette-node').first().waitFor();
    await person.page.waitForTimeout(1500);
    await person.look();
}

// Opens the editor of some node of the flow that is shown, tries its fields, and leaves without keeping them.
async function edit_some_node(person, steps) {
    const {page} = person;
    const nodes = page.locator('.red-ui-flow-node:visible');
    const one = nodes.nth(person.random.below(await nodes.count()));
    await person.click(one, {force: true});
    await one.dblclick({force: true});
    await page.locator('.red-ui-tray').first().waitFor();
    await page.waitForTimeout(500);
    await person.look('tray');
    await person.wander(steps, {inside: '.red-ui-tray', avoid: 'delete|done|cancel|upload'});
    await calm(page);
}

async function read_flows(person) {
    const {page} = person;
    for (let n = 0; n < Object.keys(examples).length; ++n) {
        await person.press('Control+]');
        await page.waitForTimeout(350);
        await person.look();
        await edit_some_node(person, 4);
    }
    await person.wander(20, {inside: '#red-ui-workspace, .red-ui-sidebar, #red-ui-sidebar', avoid});
}

async function build_flow(person) {
    const {page} = person;
    await person.click('#red-ui-workspace .red-ui-tab-button:visible a');
    await page.waitForTimeout(600);
    await calm(page);
    await person.look();
    for (const [n, term] of ['inject', 'change', 'switch', 'template', 'debug'].entries()) {
        await person.search('#red-ui-palette-search input', term);
        const shown = page.locator('.red-ui-palette-node:visible').first();
        const box = await shown.boundingBox();
        await person.drag({x: box.x + 40, y: box.y + 12}, {x: 380 + n * 110, y: 220 + n * 70});
    }
    await page.keyboard.press('Escape');
    for (let n = 0; n < 5; ++n) await edit_some_node(person, 5);
    await person.press('Control+a');
    await person.press('ArrowRight', 4);
    await person.press('Control+z', 2);
    await person.click('#red-ui-header-button-deploy');
    await page.waitForTimeout(1500);
    await calm(page);
    for (const id of ['join-sequence', 'sort-messages', 'split-payload', 'batch-messages']) {
        await person.click(`.red-ui-tabs li a[href="#${id}"]`);
        await person.look();
        await person.click('.red-ui-flow-node-button:visible', {force: true});
        await edit_some_node(person, 3);
    }
    await person.wander(25, {inside: '#red-ui-palette, #red-ui-main-container', avoid});
}

async function configure(person) {
    const {page} = person;
    for (const [keys, name] of [['Control+,', 'settings'], ['Control+i', 'import'], ['Control+e', 'export'],
        ['Control+f', 'search'], ['Control+Shift+p', 'actions'], ['Control+Shift+l', 'flows']]) {
        await person.press(keys);
        await page.waitForTimeout(600);
        await person.look(name);
        await person.wander(14, {inside: '.red-ui-tray, .ui-dialog, .red-ui-search, .red-ui-actionList, .red-ui-type-search',
            avoid: avoid + '|download|upload|copy|^BUTTON:(import|export)|install|done|cancel|close'});
        await page.keyboard.press('Escape');
        await calm(page);
    }
    for (const id of ['info', 'help', 'debug', 'config', 'context']) {
        await person.press('Control+g');
        await page.keyboard.press(id[0] === 'c' ? (id === 'config' ? 'c' : 'x') : id[0] === 'i' ? 'i' : id[0]);
        await page.waitForTimeout(500);
        await person.look('sidebar ' + id);
        await person.wander(8, {inside: '#red-ui-sidebar', avoid});
    }
    for (let n = 0; n < 7; ++n) {
        await person.click('#red-ui-header-button-sidemenu');
        await person.look('menu');
        await page.keyboard.press('Escape');
        await person.press('Control+[');
        await person.look();
        await person.wander(4, {inside: '#red-ui-header, #red-ui-workspace, #red-ui-sidebar', avoid});
    }
}

export const sessions = [read_flows, build_flow, configure].map((walk) => async (person, origin) => {
    await open(person, origin);
    await walk(person);
});
