import { AttachOptions } from '../../preload/contract/api.ts';
import { DEFAULTS, type SomeOptions } from '../../preload/contract/options.ts';
import type { HandOver } from '../core/hand-over.ts';
import type { Request } from './request.ts';
import { readStateFile } from './state-file.ts';

/** `show`: whether a window or page may come to the front. What the app, and not this process, is to do; undefined for what only brings it to the front. */
export function handOverOf(request: Request, show: boolean): HandOver | undefined {
  if (request.do === 'launch') {
    const { yes, shell, disableStoreDefaults, configFile } = request;
    // With a file for them, the choices that the app remembers do not count, and it remembers none.
    const options = configFile
      ? { ...DEFAULTS, ...readStateFile(configFile), ...request.options }
      : request.options;
    return { do: 'launch', options, yes, shell, remember: !disableStoreDefaults && !configFile, show };
  }
  if (request.do === 'attach') {
    const { session, options, shell } = request;
    return {
      do: 'attach',
      ...named(session),
      options: attachOptions(options),
      shell,
      show,
    };
  }
  if (request.do === 'connect') return { do: 'connect', ...named(request.session) };
  if (request.do === 'open' || request.do === 'follow') return request;
  return undefined;
}

const named = (session: string | undefined) => (session === undefined ? {} : { session });

/** Those options that make sense for a session that runs already. */
export function attachOptions(options: SomeOptions): AttachOptions {
  const names = Object.keys(AttachOptions.def.shape);
  return Object.fromEntries(Object.entries(options).filter(([name]) => names.includes(name)));
}
