// A web application as a child process on a free port of 127.0.0.1, with a folder of its own that goes with it.
import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {mkdtempSync, rmSync} from 'node:fs';
import {createServer} from 'node:net';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';

export async function free_port() {
    const probe = createServer().listen(0, '127.0.0.1');
    await once(probe, 'listening');
    const {port} = probe.address();
    probe.close();
    await once(probe, 'close');
    return port;
}

export function new_folder(name) {
    return mkdtempSync(join(tmpdir(), `nd-record-${name}-`));
}

// Runs `node script args` until it answers on `port`; throws with its output when it ends or takes over four minutes.
export async function run_server({folder, port, script, args, env = {}}) {
    const child = spawn(process.execPath, [script, ...args],
        {cwd: folder, env: {...process.env, ...env}, stdio: ['ignore', 'pipe', 'pipe']});
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => { said = (said + text).slice(-4000); });
    const origin = `http://127.0.0.1:${port}`;
    async function stop() {
        if (child.exitCode === null) {
            child.kill('SIGTERM');
            const late = setTimeout(() => child.kill('SIGKILL'), 5000);
            await once(child, 'exit');
            clearTimeout(late);
        }
        rmSync(folder, {recursive: true, force: true});
    }
    for (let n = 0; n < 960 && child.exitCode === null; ++n) {
        const answer = await fetch(origin + '/').then((reply) => reply.ok, () => false);
        if (answer) return {origin, stop};
        await sleep(250);
    }
    await stop();
    throw new Error(`${script} did not answer on ${origin}:\n${said}`);
}
