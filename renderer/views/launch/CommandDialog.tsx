import { useSignal } from '@preact/signals';
import { useId } from 'preact/hooks';
import { commandOf, type ShellKind } from '../../../preload/contract/command.ts';
import { OPTIONS, type SomeOptions } from '../../../preload/contract/options.ts';
import { Button } from '../../parts/Button.tsx';
import { CopyButton } from '../../parts/CopyButton.tsx';
import { Dialog } from '../../parts/Dialog.tsx';

const SHELLS: readonly (readonly [ShellKind, string])[] = [
  ['posix', 'bash, zsh'],
  ['powershell', 'PowerShell'],
];

interface CommandDialogProps {
  readonly options: SomeOptions;
  readonly onClose: () => void;
}

/** A launch as the command line that does the same. */
export function CommandDialog({ options, onClose }: CommandDialogProps) {
  const shell = useSignal<ShellKind>(navigator.userAgent.includes('Windows') ? 'powershell' : 'posix');
  const { command, files, leftOut } = commandOf(options, { shell: shell.value });
  const id = useId();
  return (
    <Dialog
      title="As a clearml-session command"
      onClose={onClose}
      actions={
        <>
          <Button label="Close" onPress={onClose} />
          <CopyButton label="Copy" look="primary" text={() => Promise.resolve(command)} />
        </>
      }
    >
      <div class="segments" role="radiogroup" aria-label="Shell">
        {SHELLS.map(([kind, label]) => (
          <label key={kind}>
            <input
              type="radio"
              name={id}
              checked={shell.value === kind}
              onChange={() => {
                shell.value = kind;
              }}
            />
            <span>{label}</span>
          </label>
        ))}
      </div>
      <pre class="command">{command}</pre>
      {files.map(({ name, text }) => (
        <div key={name} class="command-file">
          <p>
            It reads <code>{name}</code> in the folder that it is run in.
          </p>
          <CopyButton label={`Copy the text of ${name}`} text={() => Promise.resolve(text)} />
        </div>
      ))}
      {leftOut.length > 0 && (
        <p class="hint">Not in it: {leftOut.map((name) => OPTIONS[name].label).join(', ')}.</p>
      )}
    </Dialog>
  );
}
