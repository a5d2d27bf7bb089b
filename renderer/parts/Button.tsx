import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { pageTexts as t } from '../../preload/contract/texts/index.ts';
import { type Shortcut, shortcutOf } from '../actions/shown-keys.ts';
import { useApp } from '../app.ts';
import { Icon, type IconName } from './Icon.tsx';

export type Look = 'primary' | 'plain' | 'quiet' | 'danger' | 'destroy' | 'icon';

interface ButtonProps {
  readonly label: string;
  /** Without it the label is not shown, only spoken and shown as a tooltip. */
  readonly icon?: IconName;
  readonly look?: Look;
  readonly disabled?: boolean;
  /** Why it is disabled, or what it does beyond its label. */
  readonly title?: string | undefined;
  /** The action whose keys do the same. */
  readonly action?: string | undefined;
  readonly type?: 'button' | 'submit';
  readonly expanded?: boolean;
  readonly controls?: string;
  readonly opens?: 'menu';
  readonly busy?: boolean;
  readonly autoFocus?: boolean;
  readonly onPress?: (button: HTMLButtonElement) => void;
  readonly children?: ComponentChildren;
}

/** A button whose accessible name is its label in every look. */
export function Button(props: ButtonProps) {
  const { label, icon, look = 'plain' } = props;
  const onlyIcon = look === 'icon';
  const keys = props.action === undefined ? undefined : shortcutOf(props.action);
  return (
    <button
      type={props.type ?? 'button'}
      class={`button ${look}`}
      disabled={props.disabled ?? false}
      title={props.title ?? tooltip(onlyIcon ? label : undefined, keys)}
      aria-label={onlyIcon || props.children ? label : undefined}
      aria-keyshortcuts={keys?.aria}
      aria-haspopup={props.opens}
      aria-expanded={props.expanded}
      aria-controls={props.controls}
      aria-busy={props.busy || undefined}
      autofocus={props.autoFocus}
      onClick={({ currentTarget }) => {
        if (!props.busy) props.onPress?.(currentTarget);
      }}
    >
      {icon && <Icon name={icon} />}
      {props.children ?? (onlyIcon ? null : <span>{label}</span>)}
    </button>
  );
}

/** What an icon means, and with which keys it goes quicker. */
function tooltip(label: string | undefined, keys: Shortcut | undefined): string | undefined {
  if (!keys) return label;
  return label ? t.shortcut.of(label, keys.text) : t.shortcut.alone(keys.text);
}

/**
 * A button that asks main for something: busy until the answer, and a failure is told in a toast.
 *
 * It is not disabled meanwhile, since a disabled button loses the keyboard's focus.
 */
export function ActionButton(props: Omit<ButtonProps, 'onPress' | 'busy'> & { readonly run: () => unknown }) {
  const app = useApp();
  const busy = useSignal(false);
  const { run, ...rest } = props;
  const press = async (): Promise<void> => {
    busy.value = true;
    await app.attempt(async () => run());
    busy.value = false;
  };
  return <Button {...rest} busy={busy.value} onPress={() => void press()} />;
}
