// Makes the recording: starts each application on loopback, lets made-up people use it one after the other, the
// applications beside each other, and writes what they made into recording/.
//   node record.js                   everything
//   node record.js verdaccio:1 ...   only these sessions; the others stay as they were recorded last
// Each session is kept in .run/ until all are there. Exits 1, and leaves the former recording alone, when a
// session did not go as its script says or one was never recorded.
import {existsSync, mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import {gzipSync} from 'node:zlib';
import {open_browser} from './browser.js';
import {person} from './person.js';
import {random} from './random.js';
import {session} from './session.js';
import * as node_red from './apps/node_red.js';
import * as tiddlywiki from './apps/tiddlywiki.js';
import * as verdaccio from './apps/verdaccio.js';

const applications = {'node-red': node_red, tiddlywiki, verdaccio};
const people = ['amara-okoye', 'bruno-keller', 'chiyo-tanabe', 'dalia-haddad', 'emil-novak', 'freya-lund',
    'goran-petrov', 'hana-cole', 'ivo-marek'];
const all = Object.entries(applications).flatMap(([app, {sessions}]) => sessions.map((walk, n) => ({app, n, walk})));
const kept = ({app, n}) => new URL(`./.run/${app}-${n}.json`, import.meta.url);

async function record_session({app, n, walk}, origin) {
    const seed = new random(`${app} ${n}`);
    const user_id = people[all.findIndex((one) => one.app === app && one.n === n)];
    const browser = await open_browser();
    try {
        const recorded = new session(browser.context, {app, session_id: seed.uuid(), user_id}, origin);
        await recorded.start();
        const page = browser.context.pages()[0] ?? await browser.context.newPage();
        // A machine that is busy with other work answers late; a walk is over when it is over.
        page.setDefaultTimeout(600000);
        page.on('dialog', (dialog) => dialog.dismiss());
        browser.context.on('page', (other) => other.close());
        await walk(new person(page, recorded, seed, applications[app].calm), origin);
        await page.waitForTimeout(700);
        // What the session ended on, for whoever changes a walk.
        if (process.env.ND_RECORD_SHOTS) await page.screenshot({path: `${process.env.ND_RECORD_SHOTS}/${app}-${n}.png`});
        const made = recorded.result();
        console.log(`${app} session ${n}: ${made.events.length} events, ${made.pages.length} page structures`);
        writeFileSync(kept({app, n}), JSON.stringify({...made, browser: browser.version}));
    } finally {
        await browser.close();
    }
}

async function record_application(app, chosen) {
    const server = await applications[app].start();
    try {
        for (const one of chosen) await record_session(one, server.origin);
    } finally {
        await server.stop();
    }
}

function write(made) {
    const folder = new URL('./recording/', import.meta.url);
    const in_time = (list, at) => list.sort((a, b) => a[at] < b[at] ? -1 : a[at] > b[at] ? 1 : 0);
    const events = in_time(made.flatMap((one) => one.events), 'occurred_at');
    const pages = in_time(made.flatMap((one) => one.pages), 'captured_at');
    const lines = (list) => gzipSync(list.map((each) => JSON.stringify(each) + '\n').join(''), {level: 9});
    const {dependencies} = JSON.parse(readFileSync(new URL('./package.json', import.meta.url), 'utf8'));
    mkdirSync(folder, {recursive: true});
    writeFileSync(new URL('events.ndjson.gz', folder), lines(events));
    writeFileSync(new URL('pages.ndjson.gz', folder), lines(pages));
    writeFileSync(new URL('made_with.json', folder), JSON.stringify({chromium: made[0].browser,
        applications: Object.fromEntries(Object.keys(applications).map((app) => [app, dependencies[app]])),
        sessions: made.length, events: events.length, pages: pages.length}, null, 2) + '\n');
}

const named = process.argv.slice(2);
const chosen = all.filter(({app, n}) => named.length === 0 || named.includes(app) || named.includes(`${app}:${n}`));
mkdirSync(new URL('./.run/', import.meta.url), {recursive: true});
const outcomes = await Promise.allSettled(Object.keys(applications)
    .map((app) => [app, chosen.filter((one) => one.app === app)])
    .filter(([, sessions]) => sessions.length > 0)
    .map(([app, sessions]) => record_application(app, sessions)));
const failed = outcomes.filter((one) => one.status === 'rejected');
for (const one of failed) console.error(one.reason);
const missing = all.filter((one) => !existsSync(kept(one)));
for (const {app, n} of missing) console.error(`${app}:${n} was never recorded`);
if (failed.length > 0 || missing.length > 0) process.exit(1);
write(all.map((one) => JSON.parse(readFileSync(kept(one), 'utf8'))));
