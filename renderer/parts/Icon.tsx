/** Drawn on a 20 × 20 grid with a line of 1.6. */
const PATHS = {
  plus: 'M10 4.5v11M4.5 10h11',
  back: 'M12 4.5 6.5 10l5.5 5.5',
  down: 'M5 7.5l5 5 5-5',
  up: 'M5 12.5l5-5 5 5',
  right: 'M7.5 5l5 5-5 5',
  close: 'M5.5 5.5l9 9M14.5 5.5l-9 9',
  check: 'M4.5 10.5l3.8 3.8 7.2-8.3',
  copy: 'M7.5 7.5h8v8h-8zM12.5 7.5v-3h-8v8h3',
  external: 'M11.5 4.5h4v4M15.5 4.5l-7 7M8.5 5.5h-4v10h10v-4',
  search: 'M9 4a5 5 0 1 1 0 10A5 5 0 0 1 9 4zM12.7 12.7l3.3 3.3',
  settings:
    'M3.5 6h7M15 6h1.5M3.5 14H5M9.5 14h7M12.7 3.8a2.2 2.2 0 1 1 0 4.4 2.2 2.2 0 0 1 0-4.4zM7.2 11.8a2.2 2.2 0 1 1 0 4.4 2.2 2.2 0 0 1 0-4.4z',
  notebook: 'M6 3.5h9v13H6zM6 3.5v13M3.8 6.5h2M3.8 10h2M3.8 13.5h2M9 7h3.5M9 9.8h3.5',
  code: 'M7 6l-4 4 4 4M13 6l4 4-4 4M11.2 4.5l-2.4 11',
  terminal: 'M3 4.5h14v11H3zM6 8l2.3 2L6 12M10.5 12.5H14',
  tab: 'M3 16V4.5h6L10.5 7H17v9zM6 9.5l1.8 1.7L6 13M9.3 13.2h3.2',
  connect: 'M7 3.5v3M13 3.5v3M5 6.5h10v2.5a5 5 0 0 1-10 0zM10 14v2.5',
  disconnect: 'M7 3.5v3M13 3.5v3M5 6.5h10v2.5a5 5 0 0 1-10 0zM10 14v2.5M3 3l14 14',
  reconnect: 'M15.8 8.5A6 6 0 1 0 16 11.2M16 4.5v4h-4',
  reset: 'M4.2 8.5A6 6 0 1 1 4 11.2M4 4.5v4h4',
  power: 'M10 3.5v6M6.2 5.6a6 6 0 1 0 7.6 0',
  more: 'M4.5 9.5a.5.5 0 1 1 0 1 .5.5 0 0 1 0-1zM10 9.5a.5.5 0 1 1 0 1 .5.5 0 0 1 0-1zM15.5 9.5a.5.5 0 1 1 0 1 .5.5 0 0 1 0-1z',
  keyboard: 'M2.5 5.5h15v9h-15zM5.5 8.3h.01M8.5 8.3h.01M11.5 8.3h.01M14.5 8.3h.01M6.5 11.6h7',
  key: 'M7 9.5a3.5 3.5 0 1 1 0 7 3.5 3.5 0 0 1 0-7zM9.6 10.7L15.5 4.5M13 7l2.5 2.3',
  pause: 'M7 4.5v11M13 4.5v11',
  play: 'M6.5 4.5l9 5.5-9 5.5z',
  link: 'M8.5 11.5l3-3M9 6.5l2-2a3.2 3.2 0 0 1 4.5 4.5l-2 2M11 13.5l-2 2A3.2 3.2 0 0 1 4.5 11l2-2',
  folder: 'M3 15.5v-11h5l2 2h7v9z',
  info: 'M10 3a7 7 0 1 1 0 14 7 7 0 0 1 0-14zM10 9v4.5M10 6.4v.2',
  warning: 'M10 3.5l7.3 12.5H2.7zM10 8v4M10 13.9v.2',
} as const;

/** They point along the line, and so the other way where it runs from right to left. */
const ALONG: ReadonlySet<string> = new Set(['back', 'right']);

export type IconName = keyof typeof PATHS;

/**
 * A drawing beside a word; never the only carrier of a meaning, so it is hidden from screen readers.
 *
 * `size` in rem, so that it grows with the text.
 */
export function Icon({ name, size = 1.125 }: { readonly name: IconName; readonly size?: number }) {
  return (
    <svg
      class={ALONG.has(name) ? 'icon along' : 'icon'}
      viewBox="0 0 20 20"
      width={`${size}rem`}
      height={`${size}rem`}
      aria-hidden="true"
      focusable="false"
    >
      <path d={PATHS[name]} />
    </svg>
  );
}
