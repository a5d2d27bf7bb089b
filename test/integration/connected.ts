import { type Demo, startDemo } from '../../main/demo/demo.ts';
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
