// A small seeded source of randomness, so that a recording can be made again: the same seed, the same walk.

export class random {
    constructor(seed) {
        this.state = 0;
        for (const c of seed) this.state = (Math.imul(this.state, 31) + c.charCodeAt(0)) | 0;
    }

    // mulberry32: 0 <= x < 1
    next() {
        this.state = (this.state + 0x6d2b79f5) | 0;
        let t = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
        t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
        return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
    }

    below(n) {
        return Math.floor(this.next() * n);
    }

    pick(list) {
        return list[this.below(list.length)];
    }

    // What people type, in a language of its own: every word starts with "zq", which no application says, so
    // that check.py can tell a typed word wherever it turns up.
    word() {
        const syllables = ['ba', 'do', 'fe', 'gi', 'ku', 'la', 'mo', 'ni', 'pe', 'ru', 'sa', 'ti'];
        return 'zq' + Array.from({length: 3}, () => this.pick(syllables)).join('');
    }

    uuid() {
        const hex = Array.from({length: 32}, () => this.below(16).toString(16));
        hex[12] = '4';
        hex[16] = '89ab'[this.below(4)];
        return hex.join('').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
    }
}
