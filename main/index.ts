// Nothing else is imported as it starts: what this file shared with others, the bundler would keep in here, and they
// would then run it.
import { handOverOf, needsHost, readCommandLine, runRequest } from './commands/command-line.ts';

const inElectron = Boolean(process.versions.electron);
// A packaged app has no script before its flags; where there is one, it is passed over.
const line = readCommandLine(process.argv.slice(inElectron ? 1 : 2), { lenient: inElectron });
if (line.is === 'text') {
  process.stdout.write(`${line.text}\n`);
  process.exit(0);
} else if (line.is === 'wrong') {
  process.stderr.write(`${line.message}\n`);
  process.exit(2);
} else if (inElectron && needsHost(line.request)) {
  const handOver = handOverOf(line.request, !line.options.hidden);
  void import('./electron/main.ts').then(({ startElectron }) => startElectron(line.options, handOver));
} else {
  void runRequest(line.request, line.options).then((exitCode) => {
    if (exitCode === undefined) return;
    // Electron goes on without anything to do.
    if (inElectron) process.exit(exitCode);
    process.exitCode = exitCode;
  });
}
