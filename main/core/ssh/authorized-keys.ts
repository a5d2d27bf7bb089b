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
  // Each answer begins a line, since what an rc file printed last may lack its newline.
  return `umask 077
say() { printf '\\n${MARK} %s\\n' "$1"; exit 0; }
file="$HOME/.ssh/authorized_keys"
mkdir -p "$HOME/.ssh" && touch "$file" || say failed
if grep -qF '${blob}' "$file"; then say present; fi
if [ -s "$file" ] && [ -n "$(tail -c 1 "$file")" ]; then echo >> "$file"; fi
echo '${line}' >> "$file" || say failed
say added
`;
}

/** What the script said, or undefined while it has not said it. */
export function readKeyInstall(output: string): KeyInstall | undefined {
  const found = new RegExp(`^${MARK} (added|present|failed)\\r?$`, 'm').exec(output);
  return found?.[1] as KeyInstall | undefined;
}
