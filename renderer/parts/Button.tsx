import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useApp } from '../app.ts';
import { Icon, type IconName } from './Icon.tsx';

interface ButtonProps {
  readonly label: string;
  /** Without it the label is not shown, only spoken and shown as a tooltip. */
  readonly icon?: IconName;
  readonly look?: 'primary' | 'plain' | 'quiet' | 'danger' | 'destroy' | 'icon';
  readonly disabled?: boolean;
  /** Why it is disabled, or what it does beyond its label. */
  readonly title?: string | undefined;
  readonly type?: 'button' | 'submit';
  readonly expanded?: boolean;
  readonly controls?: string;
  readonly busy?: boolean;
  readonly autoFocus?: boolean;
  readonly onPress?: () => void;
  readonly children?: ComponentChildren;
}

/** A button whose accessible name is its label in every look. */
export function Button(props: ButtonProps) {
  const { label, icon, look = 'plain' } = props;
  const onlyIcon = look === 'icon';
  return (
    <button
      type={props.type ?? 'button'}
      class={`button ${look}`}
      disabled={props.disabled ?? false}
      title={props.title ?? (onlyIcon ? label : undefined)}
      aria-label={onlyIcon || props.children ? label : undefined}
      aria-expanded={props.expanded}
      aria-controls={props.controls}
      aria-busy={props.busy || undefined}
      autofocus={props.autoFocus}
      onClick={() => {
        if (!props.busy) props.onPress?.();
      }}
    >
      {icon && <Icon name={icon} />}
      {props.children ?? (onlyIcon ? null : <span>{label}</span>)}
    </button>
  );
}

/**
 * A button that asks main for something: busy until the answer, and a failure is told in a toast.
 *
 * It is not disabled meanwhile, since a disabled button loses the keyboard's focus.
 */
export function ActionButton(
  props: Omit<ButtonProps, 'onPress' | 'busy'> & { readonly run: () => Promise<unknown> },
) {
  const app = useApp();
  const busy = useSignal(false);
  const { run, ...rest } = props;
  const press = async (): Promise<void> => {
    busy.value = true;
    await app.attempt(run);
    busy.value = false;
  };
  return <Button {...rest} busy={busy.value} onPress={() => void press()} />;
}
