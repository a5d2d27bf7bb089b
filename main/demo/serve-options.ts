import { parseArgs } from 'node:util';
import type { DemoOptions } from './demo.ts';
import { DEMO_QUEUES } from './trouble.ts';

export const HELP = `Usage: npm run demo-server -- [options]

Starts a ClearML-compatible server for sessions on this computer and prints a clearml.conf for it.

  --port N        of the API (default 8008; 0 is any)
  --files-port N  of the files server (default 8081; 0 is any)
  --web-port N    of the web pages (default 8080; 0 is any)
  --no-agent      the server only: bring your own clearml-agent
  --speed N       how much faster than in reality sessions start (default 1)
  --seed          with some sessions that were there before
  --verbose       print each API call
  --help
`;

export type ServeOptions =
  | { readonly does: 'help' }
  | { readonly does: 'serve'; readonly demo: DemoOptions; readonly verbose: boolean };

/** What the command line asks for. Throws an Error with a sentence for a person. */
export function serveOptions(argv: readonly string[]): ServeOptions {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      port: { type: 'string', default: '8008' },
      'files-port': { type: 'string', default: '8081' },
      'web-port': { type: 'string', default: '8080' },
      'no-agent': { type: 'boolean', default: false },
      speed: { type: 'string', default: '1' },
      seed: { type: 'boolean', default: false },
      verbose: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return { does: 'help' };
  const noAgent = values['no-agent'];
  return {
    does: 'serve',
    verbose: values.verbose,
    demo: {
      port: port('port', values.port),
      filesPort: port('files-port', values['files-port']),
      webPort: port('web-port', values['web-port']),
      speed: positive('speed', values.speed),
      seed: values.seed && !noAgent,
      ...(noAgent ? { queues: DEMO_QUEUES.map((queue) => ({ ...queue, agents: 0 })) } : {}),
    },
  };
}

function port(name: string, text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isInteger(value) || value < 0 || value > 65_535)
    throw new Error(`--${name} takes a port number, not "${text}".`);
  return value;
}

function positive(name: string, text: string): number {
  const value = Number(text);
  if (!(value > 0) || value === Number.POSITIVE_INFINITY)
    throw new Error(`--${name} takes a number above 0, not "${text}".`);
  return value;
}
