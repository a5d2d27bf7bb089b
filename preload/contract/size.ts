const UNITS = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'] as const;

/** "512 B", "2.3 GB": with one decimal below ten. */
export function sizeText(bytes: number): string {
  let [value, unit] = [Math.max(0, bytes), 0];
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1000;
    unit++;
  }
  const shown = unit === 0 || value >= 9.95 ? value.toFixed(0) : value.toFixed(1);
  return `${shown} ${UNITS[unit]}`;
}
