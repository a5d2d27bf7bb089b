import { parseArgs } from 'node:util';
import { type DemoOptions, startDemo } from './demo.ts';
import { DEMO_QUEUES } from './trouble.ts';

// Entry of `npm run demo-server`: the demo alone, for the official ClearML tools and for development.

const HELP = `Usage: npm run demo-server -- [options]

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

async function main(): Promise<void> {
  const { values } = parseArgs({
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
  if (values.help) return print(HELP);
  const options: DemoOptions = {
    port: port('port', values.port),
    filesPort: port('files-port', values['files-port']),
    webPort: port('web-port', values['web-port']),
    speed: positive('speed', values.speed),
    seed: values.seed && !values['no-agent'],
    ...(values['no-agent'] ? { queues: DEMO_QUEUES.map((q) => ({ ...q, agents: 0 })) } : {}),
    ...(values.verbose ? { log: (line: string) => print(`${line}\n`) } : {}),
  };
  const demo = await startDemo(options);
  print(`# The demo server runs at ${demo.api}. Ctrl-C stops it. A clearml.conf for it:\n\n${demo.conf}\n`);
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => {
      demo.stop().catch(() => {
        process.exitCode = 1;
      });
    });
}

function port(name: string, text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0 || value > 65535)
    throw new Error(`--${name} takes a port number, not "${text}".`);
  return value;
}

function positive(name: string, text: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new Error(`--${name} takes a number above 0, not "${text}".`);
  return value;
}

function print(text: string): void {
  process.stdout.write(text);
}

main().catch((error: unknown) => {
  const message = error instanceof Error ? error.message : String(error);
  const inUse = (error as NodeJS.ErrnoException).code === 'EADDRINUSE';
  process.stderr.write(`${inUse ? `${message}\nAnother port may be chosen, see --help.` : message}\n`);
  process.exitCode = 1;
});
