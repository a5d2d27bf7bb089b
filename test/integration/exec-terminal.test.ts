import { constants } from 'node:os';
import { resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answerCommandLines, type Connected, connectedSession } from './connected.ts';
import { isUp } from './core-app.ts';
import { inTerminal } from './pty.ts';
import { reasonAgainst } from './servers.ts';

const BUNDLE = resolve(import.meta.dirname, '../../dist/main/index.cjs');
const { SIGTERM, SIGHUP } = constants.signals;

describe.skipIf(reasonAgainst('sshd'))('a command with a terminal in a session on a real sshd', () => {
  let connected: Connected;
  let release = (): void => {};
  beforeAll(async () => {
    connected = await connectedSession('lab');
    release = await answerCommandLines(connected.core);
  });
  afterAll(async () => {
    release();
    await connected.stop();
  });

  const exec = (...words: readonly string[]) => {
    const { folder } = connected.core;
    const argv = [process.execPath, BUNDLE, '--user-data-dir', folder, 'exec', ...words];
    return inTerminal(argv, { cwd: folder, env: { PATH: process.env.PATH, HOME: folder, TERM: 'vt220' } });
  };

  it('has one of the same kind and size, and its exit code', async () => {
    const there = exec('-t', 'lab', '--', 'stty size; tty; echo $TERM; exit 3');
    expect(await there.ended).toEqual({ code: 3, cooked: true });
    expect(there.printed()).toMatch(/^24 80\r\n\/dev\/pts\/\d+\r\nvt220\r\n$/);
  });

  it('has none unless it is wished for', async () => {
    const there = exec('-t', '-T', 'lab', '--', 'tty; exit 4');
    expect(await there.ended).toEqual({ code: 4, cooked: true });
    expect(there.printed()).toContain('not a tty');
  });

  it('gets each key as it is pressed, and draws what it likes', async () => {
    const keys =
      'stty raw -echo; printf "\\033[?1049hready\\ndown\\r\\n"; head -c 8 | od -An -tx1; printf "\\033[?1049l"';
    const there = exec('-t', 'lab', '--', keys);
    await there.shows('ready');
    // Not those that leave, which count at the beginning of a line only.
    for (const key of ['a', '\x03', '\x1a', '\x1b[A', '~', '.']) there.type(key);
    expect(await there.ended).toEqual({ code: 0, cooked: true });
    expect(there.printed()).toContain('61 03 1a 1b 5b 41 7e 2e');
    expect(there.printed()).toContain('ready\ndown\r\n');
    expect(there.printed().endsWith('\x1b[?1049l')).toBe(true);
  });

  it('is told when its window gets another size, and hears Ctrl-C', async () => {
    const there = exec(
      '-t',
      'lab',
      '--',
      "trap 'stty size' WINCH; trap 'exit 7' INT; echo ready; while :; do sleep 0.1; done",
    );
    await there.shows('ready');
    there.resize(33, 111);
    await there.shows('33 111');
    there.type('\x03');
    expect(await there.ended).toEqual({ code: 7, cooked: true });
  });

  it('is a shell with jobs, where one is asked for', async () => {
    const there = exec('-t', 'lab', '--', 'bash', '--norc', '-i');
    await there.shows(/bash[^\n]*[#$] $/);
    there.type('sleep 1000\r');
    await there.shows('sleep 1000');
    there.type('\x03');
    there.type('echo sta"tus" $?\r');
    await there.shows('status 130');
    there.type('exit 5\r');
    expect(await there.ended).toEqual({ code: 5, cooked: true });
  });

  it.each([
    ['SIGTERM', SIGTERM],
    ['SIGHUP', SIGHUP],
  ])('ends with this process at %s, and leaves the terminal as it was', async (_, signal) => {
    const there = exec(
      '-t',
      'lab',
      '--',
      "trap 'exit 9' TERM; stty raw -echo; echo ready; while :; do sleep 0.1; done",
    );
    await there.shows('ready');
    there.signal(signal);
    expect(await there.ended).toEqual({ code: 9, cooked: true });
  });

  it('is left with ~. when it does not answer any more', async () => {
    const there = exec('-t', 'lab', '--', "trap '' INT HUP TERM; stty -isig; echo ready; exec sleep 30");
    await there.shows('ready');
    there.type('\x03\r~.');
    expect(await there.ended).toEqual({ code: 130, cooked: true });
  });

  it('gives the terminal back when the app lets go of the session', async () => {
    const there = exec('-t', 'lab', '--', 'stty raw -echo; echo ready; sleep 1000');
    await there.shows('ready');
    await connected.core.call('session.disconnect', { id: connected.id });
    expect(await there.ended).toEqual({ code: 255, cooked: true });
    expect(there.printed()).toContain('The connection to lab has ended, and the command with it.');
    await connected.core.call('session.connect', { id: connected.id });
    await connected.core.session(connected.id, isUp);
  });
});
