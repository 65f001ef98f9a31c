// TiddlyWiki: a wiki that is one page, with its own documentation (thousands of notes) as the content. Every
// note that is opened becomes the address, so each is a route.
import {cpSync, mkdirSync} from 'node:fs';
import {createRequire} from 'node:module';
import {dirname, join} from 'node:path';
import {free_port, new_folder, run_server} from '../server.js';

const require = createRequire(import.meta.url);

async function set(origin, title, text) {
    const reply = await fetch(`${origin}/recipes/default/tiddlers/${encodeURIComponent(title)}`, {method: 'PUT',
        headers: {'content-type': 'application/json', 'x-requested-with': 'TiddlyWiki'}, body: JSON.stringify({title, text})});
    if (!reply.ok) throw new Error(`setting ${title}: ${reply.status}`);
}

// The wiki saves into its folder, so it gets a copy of the edition.
export async function start() {
    const folder = new_folder('tiddlywiki');
    const port = await free_port();
    const home = dirname(require.resolve('tiddlywiki/package.json'));
    mkdirSync(join(folder, 'editions'));
    for (const edition of ['tw5.com', 'tw5.com-server']) {
        cpSync(join(home, 'editions', edition), join(folder, 'editions', edition), {recursive: true});
    }
    const args = [join(folder, 'editions/tw5.com-server'), '--listen', 'host=127.0.0.1', `port=${port}`];
    const server = await run_server({folder, port, script: join(home, 'tiddlywiki.js'), args});
    await set(server.origin, '$:/config/Navigation/UpdateAddressBar', 'permalink');
    await set(server.origin, '$:/config/Navigation/UpdateHistory', 'yes');
    return server;
}

const avoid = 'download|print|full.?screen|import|export|delete|hide sidebar|tour|close|encrypt|save wiki|server|language';

export async function calm(page) {
    await page.keyboard.press('Escape');
    const modal = page.locator('.tc-modal-footer button:visible').last();
    const box = await modal.count() ? await modal.boundingBox() : null;
    if (box) await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
    await page.waitForTimeout(150);
}

async function open(person, origin) {
    await person.page.goto(origin + '/');
    await person.page.locator('.tc-tiddler-frame').first().waitFor();
    await person.page.waitForTimeout(800);
    await person.look();
}

// Closes what was opened longest ago: each note stays open below the next until somebody closes it.
async function tidy(person) {
    const shut = person.page.locator('.tc-story-river .tc-tiddler-frame .tc-titlebar button[aria-label=close]');
    for (let n = 0; n < 12 && await shut.count() > 3; ++n) {
        await person.click(shut.last());
        await person.page.waitForTimeout(500);
    }
}

const sidebar_tab = (page, name) => page.locator('.tc-sidebar-scrollable .tc-tab-buttons button', {hasText: name}).first();

async function read(person) {
    const {page} = person;
    for (let n = 0; n < 9; ++n) {
        await tidy(person);
        const links = page.locator('.tc-tiddler-body a.tc-tiddlylink-resolves:visible');
        await person.click(links.nth(person.random.below(await links.count())));
        await page.waitForTimeout(500);
        await person.look();
        await person.scroll(1);
        await person.wander(3, {avoid});
    }
    for (const tab of ['Open', 'Recent', 'Tools', 'More', 'Contents']) {
        await person.click(sidebar_tab(page, tab));
        await person.look(tab);
        await person.wander(8, {inside: '.tc-sidebar-scrollable', avoid});
    }
}

async function write(person) {
    const {page} = person;
    for (let n = 0; n < 5; ++n) {
        await tidy(person);
        await person.click(page.getByRole('button', {name: 'new tiddler'}).first());
        await page.locator('.tc-tiddler-edit-frame').first().waitFor();
        await person.look('new');
        await person.press('Control+a');
        await person.words(2);
        await person.fill('.tc-tiddler-edit-frame .tc-edit-add-tag input');
        await person.press('Enter');
        await person.wander(5, {inside: '.tc-tiddler-edit-frame', avoid: avoid + '|cancel|done|ok|picture|stamp|file'});
        await person.press(n % 2 ? 'Control+Enter' : 'Escape');
        await page.waitForTimeout(600);
        await person.search('.tc-sidebar-search input[type=search] >> nth=0',
            ['filter', 'macro', 'widget', 'tag', 'plugin', 'theme', 'list'][n]);
        await person.look('search');
        await person.wander(4, {inside: '.tc-block-dropdown, .tc-search-drop-down, .tc-sidebar-scrollable', avoid});
        await person.wander(6, {inside: '.tc-story-river', avoid});
    }
}

async function tinker(person) {
    const {page} = person;
    await person.click(page.getByRole('button', {name: 'control panel'}).first());
    await page.waitForTimeout(600);
    await person.look();
    for (const tab of ['Info', 'Appearance', 'Settings', 'Plugins', 'Saving']) {
        await person.click(page.locator('.tc-control-panel .tc-tab-buttons button, ' +
            '[data-tiddler-title="$:/ControlPanel"] .tc-tab-buttons button')
            .filter({hasText: tab}).first());
        await page.waitForTimeout(300);
        await person.look(tab);
        await person.wander(10, {inside: '[data-tiddler-title="$:/ControlPanel"]', avoid});
    }
    for (let n = 0; n < 7; ++n) {
        await tidy(person);
        const tabs = page.locator('.tc-sidebar-scrollable .tc-tab-buttons button:visible');
        await person.click(tabs.nth(person.random.below(await tabs.count())));
        await person.wander(5, {inside: '.tc-sidebar-scrollable', avoid});
        await person.look();
        await person.wander(4, {inside: '.tc-story-river', avoid});
    }
}

export const sessions = [read, write, tinker].map((walk) => async (person, origin) => {
    await open(person, origin);
    await walk(person);
});
