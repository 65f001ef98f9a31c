// Verdaccio: a private npm registry with a web front: a list of packages, a page with tabs per package and
// version, search, login, settings. It is filled with the packages that npm installed for this recording.
import {execFileSync} from 'node:child_process';
import {createHash} from 'node:crypto';
import {existsSync, readdirSync, readFileSync, writeFileSync} from 'node:fs';
import {createRequire} from 'node:module';
import {dirname, join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {free_port, new_folder, run_server} from '../server.js';

const require = createRequire(import.meta.url);
const modules = fileURLToPath(new URL('../node_modules/', import.meta.url));

// Well-known packages with a README; npm put each of them under node_modules for one of the applications.
const shelf = ['express', 'body-parser', 'cookie-parser', 'cors', 'debug', 'jsonata', 'js-yaml', 'mime', 'ms', 'mqtt',
    'moment', 'multer', 'mustache', 'passport', 'semver', 'ws', 'xml2js', 'cheerio', 'fs-extra', 'got', 'lodash',
    'minimist', 'qs', 'readable-stream', 'tar', 'uuid', 'ajv', 'async', 'bcryptjs', 'handlebars'];

async function publish(origin, name) {
    const folder = join(modules, name);
    const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    const {version} = manifest;
    // Real people wrote these packages; the front would show who, and the recording needs nobody's name.
    for (const member of ['author', 'contributors', 'maintainers', '_npmUser']) delete manifest[member];
    const tarball = execFileSync('tar', ['-czf', '-', '--exclude=node_modules', '--transform', 's,^[.],package,', '.'],
        {cwd: folder, maxBuffer: 64 << 20});
    const file = `${name}-${version}.tgz`;
    const readme_file = readdirSync(folder).find((each) => /^readme[.](md|markdown)$/i.test(each));
    const readme = readme_file ? readFileSync(join(folder, readme_file), 'utf8').slice(0, 60000) : '';
    const integrity = 'sha512-' + createHash('sha512').update(tarball).digest('base64');
    const shasum = createHash('sha1').update(tarball).digest('hex');
    const reply = await fetch(`${origin}/${name}`, {method: 'PUT', headers: {'content-type': 'application/json'},
        body: JSON.stringify({_id: name, name, description: manifest.description, 'dist-tags': {latest: version}, readme,
            versions: {[version]: {...manifest, _id: `${name}@${version}`, readme,
                dist: {integrity, shasum, tarball: `${origin}/${name}/-/${file}`}}},
            _attachments: {[file]: {content_type: 'application/octet-stream', data: tarball.toString('base64'),
                length: tarball.length}}})});
    if (!reply.ok) throw new Error(`publishing ${name}: ${reply.status} ${await reply.text()}`);
}

export async function start() {
    const folder = new_folder('verdaccio');
    const port = await free_port();
    writeFileSync(join(folder, 'config.yaml'), [
        'storage: ./storage', 'web: {title: Packages, login: true, showSettings: true, showThemeSwitch: true}',
        'auth: {htpasswd: {file: ./htpasswd, max_users: 10}}', 'uplinks: {}',
        "packages: {'**': {access: $all, publish: $all, unpublish: $authenticated}}",
        'max_body_size: 64mb', 'log: {type: stdout, format: json, level: warn}', ''].join('\n'));
    const script = join(dirname(require.resolve('verdaccio/package.json')), 'bin/verdaccio');
    const args = ['--config', join(folder, 'config.yaml'), '--listen', `127.0.0.1:${port}`];
    const server = await run_server({folder, port, script, args});
    for (const name of shelf.filter((each) => existsSync(join(modules, each)))) await publish(server.origin, name);
    return server;
}

// Links of a README lead to files that a registry does not serve.
const avoid = 'download|^A:$|copy| /(?!-/web/)\\S';

export async function calm(page) {
    await page.keyboard.press('Escape');
    await page.waitForTimeout(200);
}

async function home(person, origin) {
    await person.page.goto(origin + '/');
    await person.page.getByRole('link', {name: 'ajv'}).first().waitFor();
    await person.look();
}

// Looks for a package by name, then goes to its address: this front shows no hits of a registry without uplinks.
async function open_package(person, origin, name) {
    const {page} = person;
    await person.search(page.getByRole('combobox').first(), name);
    await calm(page);
    await page.goto(`${origin}/-/web/detail/${name}`);
    await page.getByRole('tab').first().waitFor();
    await person.look();
}

// A package's page, tab by tab, as somebody who decides whether to use it.
async function study(person, tabs) {
    const {page} = person;
    for (const tab of tabs) {
        // A dependency that is not on the shelf leads to a page without tabs.
        const named = page.getByRole('tab', {name: new RegExp(tab, 'i')});
        if (await named.count() === 0) return;
        await person.click(named);
        await page.waitForTimeout(300);
        await person.look(tab);
        await person.wander(5, {avoid});
        await person.scroll(2);
    }
}

async function browse(person, origin) {
    const {page} = person;
    for (let n = 0; n < 8; ++n) {
        await person.scroll(2);
        const links = page.locator('a[href*="/-/web/detail/"]:visible');
        await person.click(links.nth(person.random.below(await links.count())));
        await page.getByRole('tab').first().waitFor();
        await person.look();
        await study(person, ['dependencies', 'versions', 'readme'].slice(person.random.below(2)));
        await page.goto(origin + '/');
        await page.locator('a[href*="/-/web/detail/"]').first().waitFor();
    }
}

async function search(person, origin) {
    const {page} = person;
    for (const name of ['semver', 'moment', 'lodash', 'express', 'passport', 'uuid', 'ws', 'mqtt']) {
        await open_package(person, origin, name);
        await study(person, ['versions', 'dependencies']);
        await person.press('Tab', 3);
    }
}

// Settings, registry information, themes, and a sign-in that is refused.
async function look_around(person, origin) {
    const {page} = person;
    for (let n = 0; n < 4; ++n) {
        for (const button of ['header--button-settings', 'header--button-registryInfo']) {
            await person.click(`#${button}, [data-testid="${button}"]`);
            await page.getByRole('dialog').waitFor();
            await person.look(button);
            await person.wander(6, {inside: '[role=dialog]', avoid: 'copy'});
            await calm(page);
            await calm(page);
        }
        await person.click(page.getByRole('button', {name: /login/i}));
        await page.getByRole('dialog').waitFor();
        await person.look('login');
        await person.fill('[role=dialog] input >> nth=0');
        await person.fill('[role=dialog] input[type=password]');
        await person.press('Enter');
        await page.waitForTimeout(500);
        await calm(page);
        await person.wander(14, {avoid});
        await page.goto(origin + ['/-/web/detail/no-such-package', '/-/web/nowhere', '/-/web/detail/express'][n % 3]);
        await page.waitForTimeout(1200);
        await person.look();
        await person.wander(6, {avoid});
        await home(person, origin);
    }
}

export const sessions = [browse, search, look_around].map((walk) => async (person, origin) => {
    await home(person, origin);
    await walk(person, origin);
});
