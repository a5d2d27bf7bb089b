import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type Server } from 'node:net';
import { dirname } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Connected, connectedSession } from './connected.ts';
import { isUp } from './core-app.ts';
import { Home } from './home.ts';
import { RealMachine } from './machine.ts';
import { reasonAgainst } from './servers.ts';

const BATCH = ['-o', 'BatchMode=yes', '-o', 'ConnectTimeout=10'];

describe.skipIf(reasonAgainst('sshd'))(
  'a session by its name, in a home with spaces and letters of the world',
  () => {
    let home: Home;
    let lab: Connected;
    let second: RealMachine | undefined;
    beforeAll(async () => {
      home = new Home('Ada Lövelace 训练');
      lab = await connectedSession('My lab', {
        folder: home.path('.config', 'tray ü'),
        sshHome: home.folder,
      });
      mark(lab.machine, 'first');
    });
    afterAll(async () => {
      await second?.stop();
      await lab.stop();
      home.dispose();
    });

    const own = (): string => home.path('.ssh', 'config');
    const ssh = (name: string, command: string): Promise<string> =>
      home.run('ssh', [...BATCH, name, command]);
    /** What ssh itself makes of the files. */
    const known = async (name: string): Promise<ReadonlyMap<string, string>> =>
      new Map(
        (await home.run('ssh', ['-G', name])).split('\n').map((line) => {
          const [key = '', ...value] = line.split(' ');
          return [key, value.join(' ')] as const;
        }),
      );
    const mark = (machine: RealMachine, text: string): void =>
      writeFileSync(`${machine.sshd?.home}/mark`, text);
    const write = (file: string, text: string, mode = 0o600): void => {
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text);
      chmodSync(file, mode);
    };
    const mode = (file: string): number => statSync(file).mode & 0o777;

    describe('where there is no ~/.ssh yet', () => {
      it('is found by ssh, without a question', async () => {
        await lab.core.call('sshConfig.include');
        expect(await ssh('my-lab', 'cat mark')).toBe('first');
        expect([mode(home.path('.ssh')), mode(own())]).toEqual([0o700, 0o600]);
      });

      it('is known by what ssh itself makes of the file', async () => {
        const { ports } = await lab.core.session(lab.id, isUp);
        const read = await known('my-lab');
        expect(Object.fromEntries(read)).toMatchObject({
          hostname: '127.0.0.1',
          port: String(ports.ssh),
          user: 'root',
          identitiesonly: 'yes',
          identityfile: '~/.config/tray ü/ssh/id_ed25519',
          userknownhostsfile: home.path('.config', 'tray ü', 'ssh', 'known_hosts'),
          hostkeyalias: `clearml-session-${lab.id}`,
          stricthostkeychecking: 'true',
        });
        expect([...read.keys()].filter((key) => /^proxy(command|jump)$/.test(key))).toEqual([]);
      });

      it('is found by scp, both ways', async () => {
        const [from, to] = [home.path('größe 1.bin'), home.path('to')];
        writeFileSync(from, 'x'.repeat(1_000_000));
        await home.run('scp', [...BATCH, from, 'my-lab:größe 1.bin']);
        await home.run('scp', [...BATCH, 'my-lab:größe 1.bin', to]);
        expect(readFileSync(to).equals(readFileSync(from))).toBe(true);
      });

      it('is found by rsync, both ways', async (context) => {
        const reason = reasonAgainst('rsync');
        context.skip(reason !== undefined, reason);
        write(home.path('tree', 'a b', 'ü.txt'), 'text');
        await home.run('rsync', ['-a', '-e', `ssh ${BATCH.join(' ')}`, home.path('tree'), 'my-lab:']);
        await home.run('rsync', ['-a', '-e', `ssh ${BATCH.join(' ')}`, 'my-lab:tree/', home.path('back')]);
        expect(readFileSync(home.path('back', 'a b', 'ü.txt'), 'utf8')).toBe('text');
      });

      it('is no longer found when the line is taken out', async () => {
        await lab.core.call('sshConfig.exclude');
        await expect(ssh('my-lab', 'true')).rejects.toThrow('my-lab');
        expect(readFileSync(own(), 'utf8')).toBe('');
      });
    });

    describe('beside what the person has in ~/.ssh/config', () => {
      afterEach(async () => {
        await lab.core.call('sshConfig.exclude').catch(() => {});
        rmSync(home.path('.ssh'), { recursive: true, force: true });
      });

      const JUMP = `Host *
  User nobody
  Port 1
  ProxyJump bastion.invalid
  StrictHostKeyChecking no
  UserKnownHostsFile /dev/null
  IdentityFile ~/.ssh/missing
  ForwardAgent yes
`;
      it.each<[string, string, number]>([
        ['a jump for all hosts', JUMP, 0o600],
        ['line ends of Windows', JUMP.replaceAll('\n', '\r\n'), 0o644],
        ['a Match block at its start', 'Match all\n  User nobody\n  Port 1\n', 0o640],
        [
          'a Match block at its end',
          `Host other\n  User eve\n\nMatch host 127.0.0.1\n  User nobody\n  Port 1`,
          0o600,
        ],
        ['one socket for all connections', 'ControlMaster auto\nControlPath ~/.ssh/%C\n', 0o600],
        ['comments only', '# mine\n\n# and mine\n', 0o600],
      ])('it is found beside %s, which comes back to the byte', async (_, config, bits) => {
        write(own(), config, bits);
        await lab.core.call('sshConfig.include');
        expect(await ssh('my-lab', 'cat mark')).toBe('first');
        expect(mode(own())).toBe(bits);
        await lab.core.call('sshConfig.exclude');
        expect(readFileSync(own(), 'utf8')).toBe(config);
        expect(mode(own())).toBe(bits);
      });

      it('the person’s hosts stay what they are', async () => {
        write(own(), `Include "more hosts/*"\nHost mine\n  HostName 10.1.2.3\n${JUMP}`);
        write(home.path('.ssh', 'more hosts', 'one'), 'Host theirs\n  HostName 10.4.5.6\n  Port 7\n');
        const before = await Promise.all([known('mine'), known('theirs')]);
        await lab.core.call('sshConfig.include');
        expect(await Promise.all([known('mine'), known('theirs')])).toEqual(before);
        expect(before.map((read) => read.get('hostname'))).toEqual(['10.1.2.3', '10.4.5.6']);
      });

      it('a host of that name, which the person includes from elsewhere, keeps it', async () => {
        write(own(), 'Include more\n');
        write(home.path('.ssh', 'more'), 'Host my-lab\n  HostName 10.4.5.6\n');
        await lab.core.call('sshConfig.include');
        expect((await known('my-lab')).get('hostname')).toBe('10.4.5.6');
        expect(await ssh('my-lab-2', 'cat mark')).toBe('first');
      });

      it('a link to where the person keeps it stays one', async () => {
        write(home.path('dot files', 'ssh config'), 'Host other\n', 0o644);
        mkdirSync(home.path('.ssh'));
        symlinkSync(home.path('dot files', 'ssh config'), own());
        await lab.core.call('sshConfig.include');
        const { aliases } = (await lab.core.state()).ssh;
        expect(await ssh(aliases[lab.id] ?? '', 'cat mark')).toBe('first');
        expect(lstatSync(own()).isSymbolicLink()).toBe(true);
        expect(mode(home.path('dot files', 'ssh config'))).toBe(0o644);
      });

      it('one that may not be written is left alone, which is said', async () => {
        write(own(), 'Host other\n', 0o400);
        await expect(lab.core.call('sshConfig.include')).rejects.toThrow(
          '~/.ssh/config cannot be changed: it is marked as read-only.',
        );
        expect(readFileSync(own(), 'utf8')).toBe('Host other\n');
      });
    });

    describe('as sessions come and go', () => {
      const taken: Server[] = [];
      afterAll(() => {
        for (const server of taken) server.close();
      });
      const alias = async (id: string): Promise<string> => (await lab.core.state()).ssh.aliases[id] ?? '';

      it('a second one of the same name has a name of its own', async () => {
        await lab.core.call('sshConfig.include');
        const id = await lab.core.launch('My lab');
        second = new RealMachine(lab.demo, id);
        await second.run({ jupyter: false });
        mark(second, 'second');
        await lab.core.call('setup.retry');
        await lab.core.session(id, isUp);
        expect(await alias(id)).not.toBe(await alias(lab.id));
        expect(await ssh(await alias(id), 'cat mark')).toBe('second');
        expect(await ssh(await alias(lab.id), 'cat mark')).toBe('first');
      });

      it('is not mistaken for another one where the person has all machines share connections', async () => {
        const before = readFileSync(own(), 'utf8');
        await lab.core.call('sshConfig.exclude');
        write(own(), 'Host *\n  ControlMaster auto\n  ControlPersist 20\n  ControlPath ~/.ssh/one-%r@%h\n');
        await lab.core.call('sshConfig.include');
        expect(await ssh(await alias(lab.id), 'cat mark')).toBe('first');
        expect(await ssh(await alias(second?.task ?? ''), 'cat mark')).toBe('second');
        await lab.core.call('sshConfig.exclude');
        write(own(), before);
        await lab.core.call('sshConfig.include');
      });

      it('is found at another port, when its own was taken while the app did not run', async () => {
        const before = (await lab.core.session(lab.id, isUp)).ports.ssh ?? 0;
        const name = await alias(lab.id);
        await lab.core.stop();
        const server = createServer();
        taken.push(server);
        await new Promise<void>((resolve) => server.listen(before, '127.0.0.1', resolve));
        await lab.core.start();
        const { ports } = await lab.core.session(lab.id, isUp);
        expect(ports.ssh).not.toBe(before);
        await expect.poll(async () => (await known(name)).get('port')).toBe(String(ports.ssh));
        expect(await ssh(name, 'cat mark')).toBe('first');
      });

      it('is gone with its session, and the other one stays', async () => {
        const [gone, stays] = [await alias(second?.task ?? ''), await alias(lab.id)];
        await lab.core.call('session.shutDown', { id: second?.task ?? '' });
        await lab.core.eventually((s) => s.ssh.aliases[second?.task ?? ''] === undefined);
        await expect(ssh(gone, 'true')).rejects.toThrow(gone);
        expect(await ssh(stays, 'cat mark')).toBe('first');
        expect(existsSync(own())).toBe(true);
      });
    });
  },
);
