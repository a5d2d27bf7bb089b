import { EventEmitter } from 'node:events';
import type { BrowserWindow, MessageBoxOptions } from 'electron';
import { describe, expect, it, vi } from 'vitest';
import { allowUrl } from '../../../main/core/links.ts';
import { ElectronHost } from '../../../main/electron/host.ts';
import type { TrayIcon } from '../../../main/electron/tray.ts';

const question = { key: 'k', title: 'Shut down?', detail: 'It ends.', yes: 'Shut down' };
const model = { icon: 'idle', tooltip: '', items: [] } as const;

function host() {
  const parent = {} as BrowserWindow;
  const boxes: { parent: unknown; options: MessageBoxOptions; answer: (response: number) => void }[] = [];
  const asked = new EventEmitter();
  const parts = {
    windows: { show: vi.fn(), front: async () => parent, launching: async () => parent },
    notifications: { show: vi.fn(), withdraw: vi.fn() },
    dialog: {
      showMessageBox: (window: unknown, options: unknown) =>
        new Promise<{ response: number; checkboxChecked: boolean }>((resolve) => {
          const answer = (response: number): void => resolve({ response, checkboxChecked: false });
          boxes.push({ parent: window, options: options as MessageBoxOptions, answer });
          asked.emit('box');
        }),
      showOpenDialog: vi.fn(async (_window: unknown, _options: { properties: readonly string[] }) => ({
        canceled: false,
        filePaths: ['/home/ada/data'],
      })),
    },
    shell: { openExternal: vi.fn(async () => {}) },
    powerMonitor: new EventEmitter() as never,
    answer: vi.fn(),
    quit: vi.fn(),
  };
  const made = new ElectronHost(parts as never);
  const ask = async () => {
    const box = new Promise((resolve) => asked.once('box', resolve));
    made.ask(question);
    await box;
    return boxes.at(-1) as (typeof boxes)[number];
  };
  return { host: made, parts, parent, ask };
}

describe('the host', () => {
  it.each([
    [0, true],
    [1, false],
  ])('takes button %i of a question for the answer %s', async (response, yes) => {
    const { ask, parts, parent } = host();
    const box = await ask();
    expect(box.parent).toBe(parent);
    expect(box.options).toMatchObject({
      message: 'Shut down?',
      detail: 'It ends.',
      buttons: ['Shut down', 'Cancel'],
      defaultId: 1,
      cancelId: 1,
    });
    box.answer(response);
    await vi.waitFor(() => expect(parts.answer).toHaveBeenCalledExactlyOnceWith('k', yes));
  });

  it('closes a question that was answered elsewhere', async () => {
    const { host: made, ask } = host();
    const { options } = await ask();
    made.unask('k');
    expect(options.signal?.aborted).toBe(true);
  });

  it('draws the latest model when the tray comes late', () => {
    const { host: made } = host();
    const draw = vi.fn();
    made.drawTray({ ...model, tooltip: 'first' });
    made.drawTray(model);
    made.useTray({ draw } as unknown as TrayIcon);
    expect(draw).toHaveBeenCalledExactlyOnceWith(model);
    made.drawTray({ ...model, tooltip: 'next' });
    expect(draw).toHaveBeenCalledTimes(2);
  });

  it('says in a sentence that no browser opens', async () => {
    const { host: made, parts } = host();
    const url = allowUrl('http://127.0.0.1:1/', []);
    await made.openExternal(url);
    parts.shell.openExternal.mockRejectedValueOnce(new Error('xdg-open: no method available'));
    await expect(made.openExternal(url)).rejects.toThrow('The system could not open a browser.');
  });

  it.each([
    ['files', 'openFile'],
    ['folders', 'openDirectory'],
  ] as const)('lets a person pick %s with the dialog of the system', async (what, property) => {
    const { host: made, parts, parent } = host();
    expect(await made.pickFiles(what)).toEqual(['/home/ada/data']);
    const [window, options] = parts.dialog.showOpenDialog.mock.calls[0] ?? [];
    expect(window).toBe(parent);
    expect(options?.properties).toContain(property);
  });
});
