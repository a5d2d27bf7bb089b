import { contextBridge, ipcRenderer } from 'electron';
import type { Reply, Wire } from './contract/wire.ts';

const wire: Wire = {
  views: 'windows',
  invoke: (name, arg) => ipcRenderer.invoke('call', name, arg) as Promise<Reply>,
  listen(hear) {
    const pass = (_: unknown, name: string, payload: unknown): void => hear(name, payload);
    ipcRenderer.on('event', pass);
    return () => ipcRenderer.off('event', pass);
  },
};

contextBridge.exposeInMainWorld('clearml', wire);
