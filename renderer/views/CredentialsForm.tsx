import { useSignal } from '@preact/signals';
import type { CredentialsCheck, HostCheck } from '../../preload/contract/api.ts';
import { type Problem, toProblem } from '../../preload/contract/errors.ts';
import { pageTexts } from '../../preload/contract/texts/index.ts';
import { useApp } from '../app.ts';
import { ActionButton } from '../parts/Button.tsx';
import { Field } from '../parts/Field.tsx';
import { Icon } from '../parts/Icon.tsx';
import { Secrets } from './settings/Secrets.tsx';

const t = pageTexts.credentials;

const EXAMPLE = `api {
  web_server: https://app.clear.ml
  api_server: https://api.clear.ml
  files_server: https://files.clear.ml
  credentials {
    "access_key" = "…"
    "secret_key" = "…"
  }
}`;

/** Paste, check, use: credentials reach main only, and a file only if the person says so. */
export function CredentialsForm() {
  const { client, dialogs, store, toasts } = useApp();
  const block = useSignal('');
  const check = useSignal<CredentialsCheck | null>(null);
  const problem = useSignal<Problem | null>(null);
  const write = useSignal(false);
  // Later on, the settings have it.
  const isFirst = store.server.value.at === 'unconfigured';

  const use = async (): Promise<void> => {
    const answer = check.value;
    if (!answer) return;
    const replace = write.value && answer.fileExists;
    if (replace) {
      const yes = await dialogs.confirm({
        key: 'replace-file',
        title: t.replace.title(answer.file),
        detail: t.replace.detail,
        yes: t.replace.yes,
      });
      if (!yes) return;
    }
    const { backup } = await client.call('setup.use', { block: block.value, write: write.value, replace });
    if (backup) toasts.show({ key: 'backup', tone: 'info', title: t.kept, body: backup });
  };

  const tryOut = async (): Promise<void> => {
    problem.value = null;
    try {
      check.value = await client.call('setup.check', { block: block.value });
    } catch (error) {
      problem.value = toProblem(error);
    }
  };

  const wrong = problem.value && [problem.value.message, problem.value.hint].filter(Boolean).join(' ');
  return (
    <div class="credentials">
      <Field label={t.label} hint={t.hint} error={wrong ?? undefined}>
        {(attributes) => (
          <textarea
            {...attributes}
            rows={9}
            placeholder={EXAMPLE}
            autocomplete="off"
            spellcheck={false}
            value={block.value}
            onInput={(event) => {
              block.value = event.currentTarget.value;
              check.value = null;
              problem.value = null;
            }}
          />
        )}
      </Field>
      <ActionButton
        label={t.check}
        look={check.value?.ok ? 'plain' : 'primary'}
        disabled={block.value.trim() === ''}
        run={tryOut}
      />
      <div aria-live="polite">{check.value && <Checked check={check.value} />}</div>
      {check.value?.ok && (
        <div class="use">
          <label class="tick">
            <input
              type="checkbox"
              checked={write.value}
              onChange={(event) => {
                write.value = event.currentTarget.checked;
              }}
            />
            <span>{t.write(check.value.file)}</span>
          </label>
          {!write.value && isFirst && <Secrets />}
          <ActionButton label={t.use} look="primary" run={use} />
        </div>
      )}
    </div>
  );
}

function Checked({ check }: { readonly check: CredentialsCheck }) {
  return (
    <>
      <HostChecks checks={check.checks} />
      {check.ok && check.info?.user && (
        <p class="signed-in">{t.signedIn(<strong>{check.info.user}</strong>)}</p>
      )}
    </>
  );
}

/** What became of trying out the hosts of a server. */
export function HostChecks({ checks }: { readonly checks: readonly HostCheck[] }) {
  return (
    <ul class="checks">
      {checks.map((check) => (
        <HostLine key={check.host} check={check} />
      ))}
    </ul>
  );
}

function HostLine({ check }: { readonly check: HostCheck }) {
  return (
    <li class={check.ok ? 'check good' : 'check bad'}>
      <Icon name={check.ok ? 'check' : 'close'} size={1} />
      <span class="check-host">{t.hosts[check.host]}</span>
      <span class="check-url">{check.url}</span>
      <span class="check-word">{check.ok ? t.works : t.fails}</span>
      <span class="check-message">{check.message}</span>
    </li>
  );
}
