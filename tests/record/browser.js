// The browser: Debian's Chromium, headless, that can reach 127.0.0.1 and nothing else.
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {chromium} from 'playwright-core';

const flags = ['--headless=new', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
    '--disable-background-networking', '--disable-component-update', '--disable-sync', '--lang=en-US',
    // The applications under the walk link to the world; a recording must not depend on it.
    '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
    // element.computedName and element.computedRole: the browser's own accessibility tree, inside the page.
    // Kept up all the time: otherwise each question builds the tree anew, which takes seconds on a large page.
    '--enable-blink-features=ComputedAccessibilityInfo', '--force-renderer-accessibility'];

// A fresh profile per session: no visit knows another. Throws when Chromium does not start.
export async function open_browser() {
    const profile = mkdtempSync(join(tmpdir(), 'nd-record-profile-'));
    const context = await chromium.launchPersistentContext(profile, {
        executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
        headless: true,
        args: flags,
        viewport: {width: 1366, height: 860},
        locale: 'en-US',
    });
    async function close() {
        await context.close();
        rmSync(profile, {recursive: true, force: true});
    }
    return {context, close, version: context.browser()?.version() ?? ''};
}
