import { describe, expect, it } from 'vitest';
import { HELP, serveOptions } from '../../../main/demo/serve-options.ts';

describe('the command line of the demo server', () => {
  it('has the usual ports of ClearML', () => {
    expect(serveOptions([])).toEqual({
      does: 'serve',
      verbose: false,
      demo: { port: 8008, filesPort: 8081, webPort: 8080, speed: 1, seed: false },
    });
  });

  it('takes ports, speed and seeds', () => {
    const argv = [
      '--port',
      '0',
      '--files-port=1',
      '--web-port',
      '2',
      '--speed',
      '2.5',
      '--seed',
      '--verbose',
    ];
    expect(serveOptions(argv)).toEqual({
      does: 'serve',
      verbose: true,
      demo: { port: 0, filesPort: 1, webPort: 2, speed: 2.5, seed: true },
    });
  });

  it('leaves the agents out, and the sessions that they would run', () => {
    const options = serveOptions(['--no-agent', '--seed']);
    if (options.does !== 'serve') throw new Error('It should serve.');
    expect(options.demo.queues?.every((queue) => queue.agents === 0)).toBe(true);
    expect([options.demo.queues?.[0]?.name, options.demo.seed]).toEqual(['default', false]);
  });

  it.each([
    [['--port', 'x'], '--port takes a port number, not "x".'],
    [['--port', '70000'], '--port takes a port number'],
    [['--port='], '--port takes a port number'],
    [['--web-port', '-1'], '--web-port'],
    [['--speed', '0'], '--speed takes a number above 0'],
    [['--bogus'], "Unknown option '--bogus'"],
    [['extra'], 'extra'],
  ])('refuses %j', (argv, message) => {
    expect(() => serveOptions(argv)).toThrow(message);
  });

  it('explains every flag', () => {
    expect(serveOptions(['--help'])).toEqual({ does: 'help' });
    for (const flag of ['port', 'files-port', 'web-port', 'no-agent', 'speed', 'seed', 'verbose', 'help'])
      expect(HELP).toContain(`--${flag}`);
  });
});
