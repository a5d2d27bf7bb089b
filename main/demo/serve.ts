import { startDemo } from './demo.ts';
import { HELP, serveOptions } from './serve-options.ts';

// Entry of `npm run demo-server`: the demo alone, for the official ClearML tools and for development.

const print = (text: string): void => {
  process.stdout.write(text);
};

async function main(): Promise<void> {
  const options = serveOptions(process.argv.slice(2));
  if (options.does === 'help') return print(HELP);
  const demo = await startDemo({
    ...options.demo,
    ...(options.verbose
      ? { called: (endpoint: string, code: number) => print(`${endpoint} ${code}\n`) }
      : {}),
    log: (line) => print(`${line}\n`),
  });
  print(`# The demo server runs at ${demo.api}. Ctrl-C stops it. A clearml.conf for it:\n\n${demo.conf}\n`);
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => {
      demo.stop().catch(fail);
    });
}

function fail(error: unknown): void {
  const message = error instanceof Error ? error.message : String(error);
  const taken = (error as NodeJS.ErrnoException).code === 'EADDRINUSE';
  process.stderr.write(
    `${message}\n${taken ? 'Choose another port' : 'See'}: npm run demo-server -- --help\n`,
  );
  process.exitCode = 1;
}

main().catch(fail);
