import { type FunctionComponent, h } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { useApp } from '../app.ts';

/** After the first view is there, in ms. */
const LATER = 1500;

const toLoad: (() => Promise<void>)[] = [];

/**
 * A component whose script is loaded when it is first shown, or in a quiet moment before, so that the first view has less
 * to wait for. Nothing is drawn until then.
 */
export function lazy<P extends object>(load: () => Promise<FunctionComponent<P>>): FunctionComponent<P> {
  let loaded: FunctionComponent<P> | undefined;
  const ready = async (): Promise<void> => {
    loaded ??= await load();
  };
  toLoad.push(ready);
  return function Lazy(props: P) {
    const app = useApp();
    const [, drawAgain] = useState(false);
    useEffect(() => {
      if (!loaded) void app.attempt(async () => ready().then(() => drawAgain(true)));
    }, []);
    return loaded ? h(loaded, props) : null;
  };
}

/** Loads them all, once the page is at rest; one that fails is tried again when it is wanted. */
export function loadLater(): void {
  setTimeout(() => {
    for (const load of toLoad) void load().catch(() => {});
  }, LATER);
}
