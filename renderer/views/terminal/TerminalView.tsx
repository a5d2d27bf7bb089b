import { useSignal } from '@preact/signals';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { canOpen } from '../../../preload/contract/state.ts';
import { terminalTexts as t } from '../../../preload/contract/texts/index.ts';
import { PLATFORM } from '../../actions/shown-keys.ts';
import { useApp } from '../../app.ts';
import { ActionButton, Button } from '../../parts/Button.tsx';
import { terminalKeys } from './keys.ts';
import type { Tab } from './terminals.ts';

/** Shells in sessions, a tab each. */
export function TerminalView() {
  const { terminals } = useApp();
  const tabs = terminals.tabs.value;
  const active = tabs.find((tab) => tab.key === terminals.active.value);
  return (
    <div class="terminal">
      <div class="terminal-bar">
        <div class="tabs" role="tablist" aria-label={t.shells}>
          {tabs.map((tab) => (
            <TabButton key={tab.key} tab={tab} isActive={tab === active} />
          ))}
        </div>
        {active && (
          <Button
            look="icon"
            icon="close"
            label={t.close(active.title)}
            onPress={() => terminals.close(active.key)}
          />
        )}
        <NewShell />
        {active && (
          <div class="terminal-keys">
            <p class="hint">
              {terminalKeys(PLATFORM, tabs.length).map(([what, keys]) => (
                <span key={what}>
                  {what} <kbd>{keys}</kbd>
                </span>
              ))}
            </p>
            <Button
              look="icon"
              icon="search"
              label={t.search.open}
              onPress={() => terminals.search(!terminals.searching.value)}
            />
          </div>
        )}
      </div>
      <div class="terminal-body">
        {terminals.searching.value && active && <Search tab={active} />}
        {active ? <ScreenPlace key={active.key} tab={active} /> : <p class="nothing">{t.none}</p>}
      </div>
    </div>
  );
}

function TabButton({ tab, isActive }: { readonly tab: Tab; readonly isActive: boolean }) {
  const { terminals } = useApp();
  const move = (event: KeyboardEvent): void => {
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    const tabs = terminals.tabs.value;
    const next = tabs[tabs.indexOf(tab) + step];
    if (step === 0 || !next) return;
    event.preventDefault();
    terminals.activate(next.key);
  };
  return (
    <button
      type="button"
      role="tab"
      class={isActive ? 'tab active' : 'tab'}
      aria-selected={isActive}
      tabIndex={isActive ? 0 : -1}
      onClick={() => terminals.activate(tab.key)}
      onKeyDown={move}
    >
      {tab.title}
      {tab.ended && <span class="soft"> {tab.ended}</span>}
    </button>
  );
}

/** A button for each session that a shell can be opened in. */
function NewShell() {
  const { store, terminals } = useApp();
  const sessions = store.sessions.value.filter((s) => canOpen(s, 'ssh'));
  return (
    <div class="new-shell">
      {sessions.slice(0, 8).map((s) => (
        <ActionButton
          key={s.id}
          icon="plus"
          look="quiet"
          label={s.name}
          title={t.openIn(s.name)}
          run={() => terminals.open(s.id, s.name)}
        />
      ))}
    </div>
  );
}

function Search({ tab }: { readonly tab: Tab }) {
  const { terminals } = useApp();
  const input = useRef<HTMLInputElement>(null);
  const isMissing = useSignal(false);
  useEffect(() => input.current?.focus(), []);
  const close = (): void => {
    terminals.search(false);
    tab.screen.focus();
  };
  const find = (direction: 'next' | 'previous'): void => {
    const text = input.current?.value;
    if (text) isMissing.value = !tab.screen.find(text, direction);
  };
  return (
    <search class="terminal-search">
      <input
        ref={input}
        type="search"
        aria-label={t.search.open}
        placeholder={t.search.placeholder}
        onInput={() => {
          isMissing.value = false;
        }}
        onKeyDown={(event) => {
          if (event.key === 'Escape') close();
          else if (event.key === 'Enter') find(event.shiftKey ? 'previous' : 'next');
        }}
      />
      <span class="terminal-missing" role="status">
        {isMissing.value && t.search.none}
      </span>
      <Button look="icon" icon="up" label={t.search.previous} onPress={() => find('previous')} />
      <Button look="icon" icon="down" label={t.search.next} onPress={() => find('next')} />
      <Button look="icon" icon="close" label={t.search.close} onPress={close} />
    </search>
  );
}

function ScreenPlace({ tab }: { readonly tab: Tab }) {
  const place = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const element = place.current;
    if (!element) return undefined;
    tab.screen.show(element);
    const observer = new ResizeObserver(() => tab.screen.fit());
    observer.observe(element);
    return () => {
      observer.disconnect();
      tab.screen.hide();
    };
  }, [tab.screen]);
  return <div ref={place} class="terminal-place" role="tabpanel" aria-label={tab.title} />;
}
