import { useSignal } from '@preact/signals';
import type { ServerSource } from '../../../preload/contract/state.ts';
import { useApp } from '../../app.ts';
import { ActionButton, Button } from '../../parts/Button.tsx';
import { CredentialsForm } from '../CredentialsForm.tsx';

const SOURCES: { readonly [S in ServerSource]: string } = {
  file: 'clearml.conf',
  env: 'environment variables',
  pasted: 'pasted here',
  demo: 'built-in demo',
};

export function Server() {
  const { client, store } = useApp();
  const other = useSignal(false);
  const server = store.server.value;
  if (!('info' in server)) return null;
  const { info } = server;
  return (
    <>
      <dl class="facts-list">
        <dt>Signed in as</dt>
        <dd>{info.user ?? 'not known yet'}</dd>
        <dt>Credentials</dt>
        <dd>{SOURCES[info.source]}</dd>
        <dt>API</dt>
        <dd>{info.api}</dd>
        <dt>Web</dt>
        <dd>{info.web}</dd>
        <dt>Files</dt>
        <dd>{info.files}</dd>
      </dl>
      <div class="card-actions">
        {info.source === 'demo' && (
          <ActionButton label="Leave the demo" run={() => client.call('setup.leave')} />
        )}
        {info.source === 'pasted' && (
          <ActionButton label="Go back to clearml.conf" run={() => client.call('setup.leave')} />
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
