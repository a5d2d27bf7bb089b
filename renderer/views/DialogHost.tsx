import { Fragment } from 'preact';
import { pageTexts } from '../../preload/contract/texts/index.ts';
import { useApp } from '../app.ts';
import { Button } from '../parts/Button.tsx';
import { CopyButton } from '../parts/CopyButton.tsx';
import { Dialog } from '../parts/Dialog.tsx';

const t = pageTexts.dialog;

/** The dialogs that wait for the person. */
export function DialogHost() {
  const { dialogs } = useApp();
  return (
    <>
      {dialogs.open.value.map((d) =>
        d.kind === 'view' ? (
          <Fragment key={d.key}>{d.draw()}</Fragment>
        ) : d.kind === 'confirm' ? (
          <Dialog
            key={d.key}
            title={d.question.title}
            onClose={() => d.answer(false)}
            actions={
              <>
                <Button label={t.no} autoFocus onPress={() => d.answer(false)} />
                <Button
                  label={d.question.yes}
                  look={d.question.adds ? 'primary' : 'destroy'}
                  onPress={() => d.answer(true)}
                />
              </>
            }
          >
            <p>{d.question.detail}</p>
            {d.question.text && <pre class="command">{d.question.text}</pre>}
          </Dialog>
        ) : (
          <Dialog
            key={d.key}
            title={d.text.title}
            onClose={() => dialogs.close(d.key)}
            actions={
              <>
                <Button label={t.close} autoFocus={!d.text.copy} onPress={() => dialogs.close(d.key)} />
                {d.text.copy && (
                  <CopyButton label={t.copy} look="primary" text={() => Promise.resolve(d.text.text)} />
                )}
              </>
            }
          >
            <p>{d.text.detail}</p>
            {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls where it is long, also by keyboard */}
            <pre class="command" tabIndex={0}>
              {d.text.text}
            </pre>
          </Dialog>
        ),
      )}
    </>
  );
}
