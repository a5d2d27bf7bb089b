import { useSignal } from '@preact/signals';
import type { CredentialsCheck, HostCheck } from '../../preload/contract/api.ts';
import { useApp } from '../app.ts';
import { ActionButton } from '../parts/Button.tsx';
import { Field } from '../parts/Field.tsx';
import { Icon } from '../parts/Icon.tsx';
import { Secrets } from './settings/Secrets.tsx';

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
        title: `Replace ${answer.file}?`,
        detail: 'The file exists. It is kept beside the new one as a backup.',
        yes: 'Replace it',
      });
      if (!yes) return;
    }
    const { backup } = await client.call('setup.use', { block: block.value, write: write.value, replace });
    if (backup)
      toasts.show({ key: 'backup', tone: 'info', title: 'The earlier file was kept', body: backup });
  };

  return (
    <div class="credentials">
      <Field
        label="Credentials"
        hint="In the ClearML web UI: Settings › Workspace › Create new credentials. Copy the whole block."
      >
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
            }}
          />
        )}
      </Field>
      <ActionButton
        label="Check"
        look={check.value?.ok ? 'plain' : 'primary'}
        disabled={block.value.trim() === ''}
        run={async () => {
          check.value = await client.call('setup.check', { block: block.value });
        }}
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
            <span>Also write them to {check.value.file}</span>
          </label>
          {!write.value && isFirst && <Secrets />}
          <ActionButton label="Use these credentials" look="primary" run={use} />
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
        <p class="signed-in">
          You are signed in as <strong>{check.info.user}</strong>.
        </p>
      )}
    </>
  );
}

const HOSTS: { readonly [H in HostCheck['host']]: string } = { api: 'API', web: 'Web', files: 'Files' };

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
      <span class="check-host">{HOSTS[check.host]}</span>
      <span class="check-url">{check.url}</span>
      <span class="check-word">{check.ok ? 'OK' : 'Failed'}</span>
      <span class="check-message">{check.message}</span>
    </li>
  );
}
