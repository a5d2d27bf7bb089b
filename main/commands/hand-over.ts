import { AttachOptions } from '../../preload/contract/api.ts';
import type { SomeOptions } from '../../preload/contract/options.ts';
import type { HandOver } from '../core/hand-over.ts';
import type { Request } from './request.ts';

/** `show`: whether a window or page may come to the front. What the app, and not this process, is to do; undefined for what only brings it to the front. */
export function handOverOf(request: Request, show: boolean): HandOver | undefined {
  if (request.do === 'launch') {
    const { options, yes, shell, disableStoreDefaults } = request;
    return { do: 'launch', options, yes, shell, remember: !disableStoreDefaults, show };
  }
  if (request.do === 'attach') {
    const { session, options, shell } = request;
    return {
      do: 'attach',
      ...(session === undefined ? {} : { session }),
      options: attachOptions(options),
      shell,
      show,
    };
  }
  return undefined;
}

/** Those options that make sense for a session that runs already. */
export function attachOptions(options: SomeOptions): AttachOptions {
  const names = Object.keys(AttachOptions.def.shape);
  return Object.fromEntries(Object.entries(options).filter(([name]) => names.includes(name)));
}
