import { useApp } from '../app.ts';
import { Button } from '../parts/Button.tsx';
import { CopyButton } from '../parts/CopyButton.tsx';
import { Dialog } from '../parts/Dialog.tsx';

/** The dialogs that wait for the person. */
export function DialogHost() {
  const { dialogs } = useApp();
  return (
    <>
      {dialogs.open.value.map((d) =>
        d.kind === 'confirm' ? (
          <Dialog
            key={d.key}
            title={d.question.title}
            onClose={() => d.answer(false)}
            actions={
              <>
                <Button label="Go back" autoFocus onPress={() => d.answer(false)} />
                <Button label={d.question.yes} look="destroy" onPress={() => d.answer(true)} />
              </>
            }
          >
            <p>{d.question.detail}</p>
          </Dialog>
        ) : (
          <Dialog
            key={d.key}
            title="Paste this into a terminal"
            onClose={() => dialogs.close(d.key)}
            actions={
              <>
                <Button label="Close" onPress={() => dialogs.close(d.key)} />
                <CopyButton label="Copy" look="plain" text={() => Promise.resolve(d.command)} />
              </>
            }
          >
            <p>No terminal can be opened from here. The command needs no password.</p>
            <pre class="command">{d.command}</pre>
          </Dialog>
        ),
      )}
    </>
  );
}
