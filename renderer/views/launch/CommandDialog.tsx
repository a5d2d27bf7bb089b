import { useSignal } from '@preact/signals';
import { useId } from 'preact/hooks';
import { commandOf, type ShellKind } from '../../../preload/contract/command.ts';
import { OPTIONS, type SomeOptions } from '../../../preload/contract/options.ts';
import { launchTexts, pageTexts } from '../../../preload/contract/texts/index.ts';
import { Button } from '../../parts/Button.tsx';
import { CopyButton } from '../../parts/CopyButton.tsx';
import { Dialog } from '../../parts/Dialog.tsx';

const t = launchTexts.command;

const SHELLS: readonly ShellKind[] = ['posix', 'powershell'];

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
      title={t.title}
      onClose={onClose}
      actions={
        <>
          <Button label={pageTexts.dialog.close} onPress={onClose} />
          <CopyButton label={pageTexts.dialog.copy} look="primary" text={() => Promise.resolve(command)} />
        </>
      }
    >
      <div class="segments" role="radiogroup" aria-label={t.shell}>
        {SHELLS.map((kind) => (
          <label key={kind}>
            <input
              type="radio"
              name={id}
              checked={shell.value === kind}
              onChange={() => {
                shell.value = kind;
              }}
            />
            <span>{t.shells[kind]}</span>
          </label>
        ))}
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls where it is long, also by keyboard */}
      <pre class="command" tabIndex={0}>
        {command}
      </pre>
      {files.map(({ name, text }) => (
        <div key={name} class="command-file">
          <p>{t.reads(<code>{name}</code>)}</p>
          <CopyButton label={t.copyFile(name)} text={() => Promise.resolve(text)} />
        </div>
      ))}
      {leftOut.length > 0 && (
        <p class="hint">{t.leftOut(leftOut.map((name) => OPTIONS[name].label).join(', '))}</p>
      )}
    </Dialog>
  );
}
