import { useSignal } from '@preact/signals';
import { pageTexts } from '../../preload/contract/texts/index.ts';
import { type App, useApp } from '../app.ts';
import { Switch } from '../parts/Field.tsx';

const t = pageTexts.sshNames;

/** Shows what would be written into ~/.ssh/config, and has it written with a yes. Answers whether the line is there. */
export async function askToInclude(app: App): Promise<boolean> {
  const { client, dialogs, toasts } = app;
  const { file, exists, included, lines } = await client.call('sshConfig.preview');
  if (included) return true;
  const yes = await dialogs.confirm({
    key: 'ssh-names',
    title: t.title(file),
    detail: exists ? t.toExisting : t.toNew,
    text: lines.map((line) => `+ ${line}`).join('\n'),
    yes: t.yes,
    adds: true,
  });
  if (!yes) return false;
  await client.call('sshConfig.include');
  toasts.show({
    key: 'ssh-names',
    tone: 'good',
    title: t.added(file),
    action: { label: t.undo, run: () => exclude(app) },
  });
  return true;
}

async function exclude({ client, toasts }: App): Promise<void> {
  await client.call('sshConfig.exclude');
  toasts.show({ key: 'ssh-names', tone: 'good', title: t.removed });
}

/** Whether `ssh <name of a session>` works in every program. Asks before it writes into the person's own file. */
export function SshNames() {
  const app = useApp();
  const { store, attempt } = app;
  const { included, aliases } = store.ssh.value;
  const example = Object.values(aliases)[0] ?? 'my-session';

  // A no leaves everything as it was but the switch, which is drawn anew.
  const changes = useSignal(0);
  changes.value;
  const change = async (on: boolean): Promise<void> => {
    await attempt(() => (on ? askToInclude(app) : exclude(app)));
    changes.value++;
  };
  return <Switch label={`ssh ${example}`} hint={t.hint} on={included} onChange={(on) => void change(on)} />;
}
