import { useSignal } from '@preact/signals';
import type { HostCheck } from '../../../preload/contract/api.ts';
import type { ServerInfo } from '../../../preload/contract/state.ts';
import { settingsTexts } from '../../../preload/contract/texts/index.ts';
import { useApp } from '../../app.ts';
import { ActionButton, Button } from '../../parts/Button.tsx';
import { CredentialsForm, HostChecks } from '../CredentialsForm.tsx';

const t = settingsTexts.server;

/** Which server, and where its credentials come from. */
export function Server() {
  const { client, store } = useApp();
  const server = store.server.value;
  const isRefused = server.at === 'offline' && server.problem.code === 'unauthorized';
  const other = useSignal(isRefused);
  const checked = useSignal<{ readonly api: string; readonly checks: readonly HostCheck[] } | null>(null);
  if (!('info' in server)) return null;
  const { info } = server;
  const check = async (): Promise<void> => {
    checked.value = { api: info.api, ...(await client.call('setup.checkCurrent')) };
  };
  return (
    <>
      <dl class="facts-list">
        <dt>{t.user}</dt>
        <dd>{info.user ?? t.userUnknown}</dd>
        <dt>{t.credentials}</dt>
        <dd>{sourceWords(info)}</dd>
        <dt>{t.api}</dt>
        <dd>{info.api}</dd>
        <dt>{t.web}</dt>
        <dd>{info.web}</dd>
        <dt>{t.files}</dt>
        <dd>{info.files}</dd>
      </dl>
      <div aria-live="polite">
        {checked.value?.api === info.api && <HostChecks checks={checked.value.checks} />}
      </div>
      <div class="card-actions">
        <ActionButton label={t.check} run={check} />
        {info.source === 'demo' && (
          <ActionButton label={t.leaveDemo} run={() => client.call('setup.leave')} />
        )}
        {info.source === 'pasted' && (
          <ActionButton label={t.forget.label} title={t.forget.says} run={() => client.call('setup.leave')} />
        )}
        {info.source === 'file' && (
          <ActionButton label={t.readAgain} run={() => client.call('setup.retry')} />
        )}
        <Button
          label={t.useOthers}
          expanded={other.value}
          onPress={() => {
            other.value = !other.value;
          }}
        />
      </div>
      {other.value && <CredentialsForm />}
    </>
  );
}

/** Where the credentials come from. */
const sourceWords = ({ source, file }: ServerInfo): string =>
  source === 'file' && file ? file : t.sources[source];
