/** Told by the script below on a line of its own, since rc files of the remote machine may print what they like. */
const MARK = 'clearml-session-tray-key';

export type KeyInstall = 'added' | 'present' | 'failed';

/**
 * A POSIX script, to be read by `sh` from its standard input, that puts `publicLine` into the authorized_keys of whoever
 * logs in, unless it is there. A file whose last line lacks its newline gets one first.
 */
export function authorizeKeyScript(publicLine: string): string {
  const [type = '', blob = ''] = publicLine.split(' ');
  const line = `${type} ${blob} clearml-session-tray`;
  if (!/^[\w@.-]+ [A-Za-z0-9+/=]+ [\w-]+$/.test(line)) throw new Error('Not a public key line.');
  return `umask 077
file="$HOME/.ssh/authorized_keys"
mkdir -p "$HOME/.ssh" && touch "$file" || { echo "${MARK} failed"; exit 0; }
if grep -qF '${blob}' "$file"; then echo "${MARK} present"; exit 0; fi
if [ -s "$file" ] && [ -n "$(tail -c 1 "$file")" ]; then echo >> "$file"; fi
if echo '${line}' >> "$file"; then echo "${MARK} added"; else echo "${MARK} failed"; fi
`;
}

/** What the script said, or undefined while it has not said it. */
export function readKeyInstall(output: string): KeyInstall | undefined {
  const found = new RegExp(`^${MARK} (added|present|failed)\\r?$`, 'm').exec(output);
  return found?.[1] as KeyInstall | undefined;
}
