import { useSignal } from '@preact/signals';
import { useId, useRef } from 'preact/hooks';
import type { Command, TrayItem, TrayModel } from '../../preload/contract/api.ts';
import { pageTexts } from '../../preload/contract/texts/index.ts';
import { useApp } from '../app.ts';
import { Countdown } from '../parts/Elapsed.tsx';
import { Icon } from '../parts/Icon.tsx';
import { focusFirstItem, moveInMenu } from '../parts/menu-keys.ts';

const t = pageTexts.tray;

/** The tray of browser mode: the same model that Electron gives to the system, drawn as a menu. */
export function TrayPanel() {
  const { tray, client, attempt } = useApp();
  const panel = useRef<HTMLDivElement>(null);
  const id = useId();
  const model = tray.value;
  const run = (command: Command): void => {
    panel.current?.hidePopover();
    void attempt(() => client.call('command.run', command));
  };
  return (
    <>
      <button
        type="button"
        class="button quiet tray-button"
        popovertarget={id}
        aria-label={t.label}
        aria-haspopup="menu"
        title={model?.tooltip ?? t.label}
      >
        <TrayGlyph icon={model?.icon ?? 'idle'} />
        <span>{t.label}</span>
      </button>
      <div
        id={id}
        ref={panel}
        popover="auto"
        class="tray"
        role="menu"
        aria-label={t.label}
        onToggle={(event) => {
          if (event.newState === 'open') focusFirstItem(event.currentTarget);
        }}
        onKeyDown={moveInMenu}
      >
        <TrayItems items={model?.items ?? []} run={run} />
      </div>
    </>
  );
}

interface TrayItemsProps {
  readonly items: readonly TrayItem[];
  readonly run: (command: Command) => void;
}

function TrayItems({ items, run }: TrayItemsProps) {
  return (
    <>
      {items.map((item, at) => (
        <TrayEntry key={keyOf(item) ?? at} item={item} run={run} />
      ))}
    </>
  );
}

/** A menu stays unfolded while its words change. */
function keyOf(item: TrayItem): string | undefined {
  if (item.kind === 'separator') return undefined;
  return item.kind === 'menu' ? (item.key ?? item.label) : item.label;
}

function TrayEntry({ item, run }: { readonly item: TrayItem; readonly run: (command: Command) => void }) {
  switch (item.kind) {
    case 'separator':
      return <hr />;
    case 'note':
      return <p class="tray-note">{item.label}</p>;
    case 'menu':
      return <TrayMenu label={item.label} items={item.items} run={run} />;
    case 'item':
      return (
        <button
          type="button"
          role="menuitem"
          class="tray-item"
          tabIndex={-1}
          aria-disabled={!item.enabled}
          onClick={() => {
            if (item.enabled) run(item.command);
          }}
        >
          {item.label}
          {item.dueAt !== undefined && <span class="soft"> {t.byItself(<Countdown at={item.dueAt} />)}</span>}
        </button>
      );
  }
}

/** A submenu, unfolded in place: beside the panel there may be no room. */
function TrayMenu({ label, items, run }: TrayItemsProps & { readonly label: string }) {
  const open = useSignal(false);
  return (
    <>
      <button
        type="button"
        role="menuitem"
        class="tray-item"
        tabIndex={-1}
        aria-haspopup="menu"
        aria-expanded={open.value}
        onClick={() => {
          open.value = !open.value;
        }}
        onKeyDown={(event) => {
          if (event.key === 'ArrowRight') open.value = true;
          if (event.key === 'ArrowLeft') open.value = false;
        }}
      >
        <Icon name={open.value ? 'down' : 'right'} size={0.875} />
        {label}
      </button>
      {open.value && (
        // biome-ignore lint/a11y/useSemanticElements: a group of menu items is no fieldset
        <div role="group" aria-label={label} class="tray-sub">
          <TrayItems items={items} run={run} />
        </div>
      )}
    </>
  );
}

/** The shapes of assets/svg/icon.svg, with the lines of the icons beside it. */
function TrayGlyph({ icon }: { readonly icon: TrayModel['icon'] }) {
  return (
    <svg
      class="icon"
      viewBox="0 0 20 20"
      width="1.125rem"
      height="1.125rem"
      aria-hidden="true"
      focusable="false"
    >
      {icon === 'busy' ? <path d="M10 3.5A6.5 6.5 0 1 1 3.5 10" /> : <circle cx="10" cy="10" r="6.5" />}
      {icon === 'busy' && <circle class="fill" cx="10" cy="10" r="0.8" />}
      {icon === 'ok' && <circle class="fill" cx="10" cy="10" r="2.8" />}
      {icon === 'attention' && <path d="M10 6.8v3.6M10 13v.2" />}
    </svg>
  );
}
