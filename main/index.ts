import { readCommandLine, runRequest } from './commands/command-line.ts';

const inElectron = Boolean(process.versions.electron);
// A packaged app has no script before its flags; where there is one, it is passed over.
const line = readCommandLine(process.argv.slice(inElectron ? 1 : 2), { lenient: inElectron });
if (line.is === 'text') {
  process.stdout.write(`${line.text}\n`);
  process.exit(0);
} else if (line.is === 'wrong') {
  process.stderr.write(`${line.message}\n`);
  process.exit(2);
} else if (inElectron) {
  void import('./electron/main.ts').then(({ startElectron }) => startElectron(line.options));
} else {
  void runRequest(line.request, line.options).then((exitCode) => {
    if (exitCode !== undefined) process.exitCode = exitCode;
  });
}
