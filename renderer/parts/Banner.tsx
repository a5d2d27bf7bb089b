import type { ComponentChildren } from 'preact';
import { Icon, type IconName } from './Icon.tsx';

interface BannerProps {
  readonly tone: 'info' | 'warn' | 'bad';
  readonly icon: IconName;
  readonly title: ComponentChildren;
  readonly children?: ComponentChildren;
  readonly actions?: ComponentChildren;
}

/** A lasting message above the content it concerns. */
export function Banner({ tone, icon, title, children, actions }: BannerProps) {
  return (
    <div class={`banner ${tone}`} role={tone === 'info' ? undefined : 'status'}>
      <span class="banner-mark">
        <Icon name={icon} />
      </span>
      <div class="banner-text">
        <strong>{title}</strong>
        {children && <p>{children}</p>}
      </div>
      {actions && <div class="banner-actions">{actions}</div>}
    </div>
  );
}
