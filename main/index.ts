import { parseArgs } from './cli/args.mjs';

const inElectron = Boolean(process.versions.electron);
// A packaged app has no script before its flags; where there is one, it is passed over.
const parsed = parseArgs(process.argv.slice(inElectron ? 1 : 2), { lenient: inElectron });
if (!parsed.ok) {
  process.stderr.write(`${parsed.message}\n`);
  process.exit(2);
} else if (inElectron) {
  void import('./electron/main.ts').then(({ startElectron }) => startElectron(parsed.options));
} else {
  void import('./browser/main.ts').then(({ startBrowser }) => startBrowser(parsed.options));
}
