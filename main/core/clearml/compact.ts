/** Leaves out what is undefined, since an optional field is absent rather than undefined. */
export function compact<T extends object>(
  value: T,
): { [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>;
} {
  const entries = Object.entries(value).filter(([, v]) => v !== undefined);
  // The mapped type says what the filter does.
  return Object.fromEntries(entries) as ReturnType<typeof compact<T>>;
}
