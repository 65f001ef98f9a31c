// One recorded session: binds the capture script to a browser context, completes each event to what
// POST /v1/events takes, and takes page structures from the accessibility tree. Everything that leaves goes
// through withhold(), which takes out what the person typed where the application shows it again.
import {randomUUID} from 'node:crypto';
import {readFileSync} from 'node:fs';
import {elements_of} from './structure.js';

const capture = readFileSync(new URL('./capture.js', import.meta.url), 'utf8');
// Authors leave their addresses in documentation; a recording needs nobody's.
const mail = /[\w.+-]+@[\w-]+\.[A-Za-z]{2,}/g;
const most_elements = 400;

export class session {
    // who: {app, session_id, user_id}; origin: where the application listens, taken out of every text.
    constructor(context, who, origin) {
        this.context = context;
        this.who = who;
        this.origin = origin;
        this.typed = [];
        this.events = [];
        this.pages = [];
        this.looked = new Set();
    }

    async start() {
        await this.context.exposeBinding('nd_emit', (source, event) => this.take(event));
        await this.context.addInitScript({content: capture});
    }

    take(event) {
        const {app, session_id, user_id} = this.who;
        const {name, occurred_at, page, properties} = event;
        this.events.push({event_id: randomUUID(), name, occurred_at, session_id, user_id,
            page: stable(page), properties: {app, ...properties}});
    }

    // Takes the page's structure, once per route, and once more per `what` (a dialog that is open).
    async look(page, what = '') {
        const route = stable(await page.evaluate(() => location.pathname + location.hash));
        if (this.looked.has(route + '|' + what)) return;
        this.looked.add(route + '|' + what);
        const cdp = await this.context.newCDPSession(page);
        const {nodes} = await cdp.send('Accessibility.getFullAXTree');
        await cdp.detach();
        this.pages.push({page: route, title: await page.title(), captured_at: new Date().toISOString(),
            session_id: this.who.session_id, app: this.who.app, elements: elements_of(nodes, most_elements)});
    }

    // What the session made, without anything that was typed. Frames report on their own, so: in order of time.
    result() {
        const in_time = this.events.sort((a, b) => a.occurred_at < b.occurred_at ? -1 : a.occurred_at > b.occurred_at ? 1 : 0);
        return {events: this.withhold(in_time), pages: this.withhold(this.pages)};
    }

    withhold(records) {
        let text = JSON.stringify(records).replaceAll(this.origin, '').replace(mail, '...');
        // The longest first: a word may begin as another one does.
        for (const word of [...this.typed].sort((a, b) => b.length - a.length)) {
            text = text.replaceAll(word, '...').replaceAll(encodeURIComponent(word), '...');
        }
        return JSON.parse(text);
    }
}

// Ids that an application makes up on the spot differ in every run; a route does not.
function stable(route) {
    return route.replace(/\b[0-9a-f]{15,16}\b/g, ':id').slice(0, 2048);
}
