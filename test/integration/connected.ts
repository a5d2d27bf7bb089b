import { claimFolder } from '../../main/core/instance.ts';
import { type Demo, startDemo } from '../../main/demo/demo.ts';
import { silentLog } from '../doubles/log.ts';
import { CoreApp, type CoreOptions, isUp } from './core-app.ts';
import { RealMachine } from './machine.ts';

/** The core, connected to one session on a real sshd. */
export interface Connected {
  readonly core: CoreApp;
  readonly demo: Demo;
  readonly machine: RealMachine;
  readonly id: string;
  stop(): Promise<void>;
}

/** Has the core do what command lines hand over, as an app that runs; resolves with the end of that. */
export async function answerCommandLines(core: CoreApp): Promise<() => void> {
  const claim = await claimFolder(core.folder, { host: 'browser', show: false, log: silentLog });
  if (!('ours' in claim)) throw new Error('Somebody else has the folder.');
  claim.ours.serve({ show() {}, take: core.app.take });
  return () => claim.ours.release();
}

export async function connectedSession(name: string, options: CoreOptions = {}): Promise<Connected> {
  const demo: Demo = await startDemo({
    seed: false,
    queues: [{ name: 'default', agents: 0 }],
    realTools: false,
  });
  const core = new CoreApp(demo, options);
  await core.start();
  await core.state((s) => s.loaded);
  const id = await core.launch(name);
  const machine = new RealMachine(demo, id);
  await machine.run({ jupyter: false });
  await core.call('setup.retry');
  await core.session(id, isUp);
  return {
    core,
    demo,
    machine,
    id,
    async stop() {
      await core.dispose();
      await machine.stop();
      await demo.stop();
    },
  };
}
