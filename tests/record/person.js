// A person at the browser: moves the pointer, pauses, clicks, types words, scrolls, presses keys. All of it is
// trusted input through the browser, so the application cannot tell; all choices come from the seed.
import {candidates} from './candidates.js';

export class person {
    // calm(page) gets out of what an application has open: a menu, a dialog.
    constructor(page, session, random, calm) {
        this.page = page;
        this.session = session;
        this.random = random;
        this.calm = () => calm(page);
        this.tried = new Map();
    }

    // Thinking time, mostly short, at times longer.
    async pause(least = 60) {
        const x = this.random.next();
        await this.page.waitForTimeout(least + Math.round(240 * x * x * x) + (x > 0.96 ? 500 : 0));
    }

    async point(x, y) {
        await this.page.mouse.move(x, y, {steps: 3 + this.random.below(4)});
        await this.page.waitForTimeout(130 + this.random.below(90));
    }

    // Clicks what a script of a session names; where something covers it, gets out of that first.
    // Throws when it is not there: the walk is then not what it says.
    async click(target, options = {}) {
        const found = typeof target === 'string' ? this.page.locator(target).first() : target;
        if (!await this.reach(found, 30000)) {
            await this.calm();
            if (!await this.reach(found, 300000)) throw new Error(`out of reach: ${found} on ${this.page.url()}`);
        }
        await this.page.waitForTimeout(130 + this.random.below(90));
        await found.click(options);
        await this.pause();
    }

    async reach(found, timeout) {
        try {
            await found.scrollIntoViewIfNeeded({timeout});
            await found.hover({timeout});
            return true;
        } catch (error) {
            // An element that the application replaces while it moves is not there yet; all else is a fault.
            if (error.name !== 'TimeoutError' && !/not attached/.test(error.message)) throw error;
            return false;
        }
    }

    // Types made-up words where the caret is, and remembers them so that they are withheld.
    async words(count) {
        for (let n = 0; n < count; ++n) {
            const word = this.random.word();
            this.session.typed.push(word);
            await this.page.keyboard.type((n ? ' ' : '') + word, {delay: 15});
        }
        await this.pause();
    }

    async fill(target, count = 1) {
        await this.click(target);
        await this.words(count);
    }

    // A word that an application's own search knows: part of no field value that anybody owns.
    async search(target, term) {
        await this.click(target);
        await this.page.keyboard.press('Control+a');
        await this.page.keyboard.type(term, {delay: 40});
        await this.page.waitForTimeout(700);
    }

    async press(key, times = 1) {
        for (let n = 0; n < times; ++n) {
            await this.page.keyboard.press(key);
            await this.pause(40);
        }
    }

    async scroll(times) {
        for (let n = 0; n < times; ++n) {
            await this.page.mouse.wheel(0, (this.random.next() < 0.7 ? 1 : -1) * (200 + this.random.below(400)));
            await this.page.waitForTimeout(260);
        }
    }

    async drag(from, to) {
        await this.point(from.x, from.y);
        await this.page.mouse.down();
        await this.page.mouse.move((from.x + to.x) / 2, (from.y + to.y) / 2, {steps: 6});
        await this.page.mouse.move(to.x, to.y, {steps: 6});
        await this.page.mouse.up();
        await this.pause();
    }

    async look(what) {
        await this.page.waitForTimeout(250);
        await this.session.look(this.page, what);
    }

    // Wanders: `steps` times looks around, picks what it tried least, and hovers, clicks or types there.
    // Where: {inside: selector, avoid: regular expression source of labels and addresses}.
    async wander(steps, {inside = 'body', avoid = ''} = {}) {
        for (let n = 0; n < steps; ++n) {
            const all = await candidates(this.page, inside, avoid);
            if (all.length === 0) {
                await this.calm();
                continue;
            }
            const least = Math.min(...all.map((one) => this.tried.get(one.label) ?? 0));
            const one = this.random.pick(all.filter((each) => (this.tried.get(each.label) ?? 0) === least));
            this.tried.set(one.label, least + 1);
            await this.act(one);
            await this.look();
            if (n % 6 === 5) await this.calm();
        }
    }

    async act({x, y, kind}) {
        await this.point(x, y);
        const x_of_100 = this.random.below(100);
        if (kind !== 'text' && x_of_100 < 18) return;
        await this.page.mouse.click(x, y);
        await this.pause();
        if (kind === 'text') await this.words(1 + this.random.below(2));
        if (kind === 'select') await this.press('ArrowDown', 1 + this.random.below(2));
        if (kind === 'select') await this.press('Escape');
        if (x_of_100 > 88) await this.press('Tab', 1 + this.random.below(3));
        if (x_of_100 > 94) await this.scroll(1);
    }
}
