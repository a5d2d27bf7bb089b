import { stateTexts } from '../../../preload/contract/texts/index.ts';
import { cut } from '../words.ts';

const t = stateTexts.findings;
const MASK = '•••';
/** A server takes lines of any length; they are drawn, and go to every page again and again. */
const LONGEST = 2000;
/** Colours, cursor movements, titles of windows. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these sequences begin with control characters.
const ANSI = /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[@-Z\\-_])/g;

/**
 * The lines of console messages as a person would have read them: a line that was drawn over keeps its last form,
 * colours go, and what the payload prints of secrets is masked.
 */
export function consoleLines(messages: readonly string[]): readonly string[] {
  let inKey = false;
  return messages.flatMap((message) =>
    message
      .replace(ANSI, '')
      .split(/\r?\n/)
      .map((line) => (line.split('\r').findLast((drawn) => drawn !== '') ?? '').trimEnd())
      .filter((line) => line !== '')
      .map((line) => {
        if (/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(line)) inKey = true;
        const secret = inKey;
        if (/-----END [A-Z ]*PRIVATE KEY-----/.test(line)) inKey = false;
        return secret ? MASK : cut(withoutSecrets(line), LONGEST);
      }),
  );
}

const withoutSecrets = (line: string): string =>
  line
    .replace(/(LOGIN u:\S+ p:)\S+/g, `$1${MASK}`)
    .replace(/([?&]token=)[^\s&"']+/gi, `$1${MASK}`)
    .replace(
      /(_SECRET_KEY|_ACCESS_KEY|_AUTH_TOKEN|_PASSWORD)(["']?\s*[=:,]\s*["']?)[^\s"',]+/g,
      `$1$2${MASK}`,
    )
    .replace(/(:\/\/[^/\s:@]*:)[^/\s@]+@/g, `$1${MASK}@`)
    // Longer than the names of users: a token.
    .replace(/(:\/\/)[^/\s:@]{20,}@/g, `$1${MASK}@`);

/** What a console says went wrong, and at which stage of starting. */
export interface LogFinding {
  readonly stage: 'environment' | 'ssh' | 'vscode';
  readonly message: string;
}

type Rule = readonly [RegExp, LogFinding['stage'], string | ((what: string | undefined) => string)];

/**
 * From the sources of clearml-agent and clearml-session, and from what docker and pip print. The most telling come
 * first: a full disk is also what makes pip fail. What the first group matched is named.
 */
const RULES: readonly Rule[] = [
  [/No space left on device|\[Errno 28\]/i, 'environment', t.diskFull],
  [
    /Cannot allocate memory|oom-kill|OOMKilled|Out of memory: Killed|exit code -?(?:137|9)\b|^MemoryError/i,
    'environment',
    t.memory,
  ],
  [/could not select device driver .*gpu/i, 'environment', t.noGpuForContainers],
  [
    /pull access denied for ([^\s,]+)|manifest for ([^\s,]+) not found|manifest unknown|repository does not exist/i,
    'environment',
    t.noImage,
  ],
  [/invalid reference format/i, 'environment', t.imageName],
  [/docker: Error response from daemon: (.{1,160})/i, 'environment', t.container],
  [/Cannot connect to the Docker daemon/i, 'environment', t.noDocker],
  [
    /No matching distribution found for (\S+)|Could not find a version that satisfies the requirement (\S+)/i,
    'environment',
    t.package,
  ],
  [/No module named '?clearml_session/i, 'environment', t.noPayload],
  [/Could not install task requirements/i, 'environment', t.packages],
  [/failed locating SSHd and failed fetching/i, 'ssh', t.noSsh],
  [/Cannot configure sshd, leaving/i, 'ssh', t.sshConfig],
  [/SSH server could not be launched/i, 'ssh', t.sshStart],
  [/Cannot install code-server \(not root\)/i, 'vscode', t.vscodeMissing],
  [/Failed installing vscode server/i, 'vscode', t.vscodeInstall],
  [/Failed running vscode server|code-server failed starting/i, 'vscode', t.vscodeStart],
];

/** Finds the first known sign of trouble in console lines. `only` limits it to one stage. */
export function logFinding(lines: readonly string[], only?: LogFinding['stage']): LogFinding | undefined {
  for (const [pattern, stage, text] of RULES) {
    if (only && stage !== only) continue;
    for (const line of lines) {
      const match = pattern.exec(line);
      if (match) {
        const name = match.slice(1).find((group) => group !== undefined);
        return { stage, message: typeof text === 'string' ? text : text(name?.trim()) };
      }
    }
  }
  return undefined;
}
