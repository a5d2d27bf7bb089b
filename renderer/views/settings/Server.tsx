import { useSignal } from '@preact/signals';
import type { HostCheck } from '../../../preload/contract/api.ts';
import type { ServerInfo } from '../../../preload/contract/state.ts';
import { useApp } from '../../app.ts';
import { ActionButton, Button } from '../../parts/Button.tsx';
import { CredentialsForm, HostChecks } from '../CredentialsForm.tsx';

/** Which server, and where its credentials come from. */
export function Server() {
  const { client, store } = useApp();
  const other = useSignal(false);
  const checked = useSignal<{ readonly api: string; readonly checks: readonly HostCheck[] } | null>(null);
  const server = store.server.value;
  if (!('info' in server)) return null;
  const { info } = server;
  const check = async (): Promise<void> => {
    checked.value = { api: info.api, ...(await client.call('setup.checkCurrent')) };
  };
  return (
    <>
      <dl class="facts-list">
        <dt>Signed in as</dt>
        <dd>{info.user ?? 'not known yet'}</dd>
        <dt>Credentials</dt>
        <dd>{sourceWords(info)}</dd>
        <dt>API</dt>
        <dd>{info.api}</dd>
        <dt>Web</dt>
        <dd>{info.web}</dd>
        <dt>Files</dt>
        <dd>{info.files}</dd>
      </dl>
      <div aria-live="polite">
        {checked.value?.api === info.api && <HostChecks checks={checked.value.checks} />}
      </div>
      <div class="card-actions">
        <ActionButton label="Check the server" run={check} />
        {info.source === 'demo' && (
          <ActionButton label="Leave the demo" run={() => client.call('setup.leave')} />
        )}
        {info.source === 'pasted' && (
          <ActionButton
            label="Forget these credentials"
            title="Goes back to what clearml.conf and the environment say"
            run={() => client.call('setup.leave')}
          />
        )}
        {info.source === 'file' && (
          <ActionButton label="Read clearml.conf again" run={() => client.call('setup.retry')} />
        )}
        <Button
          label="Use other credentials"
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
function sourceWords({ source, file }: ServerInfo): string {
  switch (source) {
    case 'file':
      return file ?? 'clearml.conf';
    case 'env':
      return 'environment variables (CLEARML_…)';
    case 'pasted':
      return 'pasted here';
    case 'demo':
      return 'built-in demo';
  }
}
