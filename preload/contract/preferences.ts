import * as z from 'zod/mini';
import { EDITOR_IDS, FIRST_PORTS, NOTICE_KINDS } from './state.ts';
import { checkTexts, preferenceTexts as t } from './texts/index.ts';

interface Preference<S extends z.ZodMiniType> {
  /** As a person reads it where changes are listed. */
  readonly label: string;
  readonly schema: S;
  readonly default: z.infer<S>;
  /** It may name what is the person's own: left out of reports that others read. */
  readonly isPrivate?: true;
}

const preference = <S extends z.ZodMiniType>(p: Preference<S>): Preference<S> => p;
const line = (max: number) =>
  z
    .string()
    .check(
      z.trim(),
      z.maxLength(max, checkTexts.atMostCharacters(max)),
      z.regex(/^[^\r\n\0]*$/, checkTexts.oneLine),
    );

/** Those below are the system's. */
export const LOWEST_PORT = 1024;
export const HIGHEST_PORT = 65_535;
const LocalPort = z.int().check(z.gte(LOWEST_PORT), z.lte(HIGHEST_PORT));

/** Without encryption only this computer itself is believed. */
const FeedUrl = line(2000).check(
  z.regex(
    /^$|^https:\/\/[^\s/@]+(\/\S*)?$|^http:\/\/(127\.0\.0\.1|localhost)(:\d+)?(\/\S*)?$/,
    checkTexts.feed,
  ),
);

/** The least that is written first. */
export const LOG_LEVELS = ['off', 'error', 'warn', 'info', 'debug'] as const;

export const THEMES = ['system', 'light', 'dark'] as const;

/**
 * Everything that a person sets, once. The settings file, the call that changes them and the file that takes them to
 * another computer are read by this table. Nothing secret is ever among them.
 */
export const PREFERENCES = {
  theme: preference({
    label: t.theme,
    schema: z.enum(THEMES),
    default: 'system',
  }),
  /** The id of a terminal, or a command line with `{ssh}` where the ssh command goes; empty means the system's. */
  terminal: preference({ label: t.terminal, schema: line(500), default: '', isPrivate: true }),
  /** In the terminal of the app. */
  copyOnSelect: preference({ label: t.copyOnSelect, schema: z.boolean(), default: false }),
  pasteByRightClick: preference({ label: t.pasteByRightClick, schema: z.boolean(), default: false }),
  screenReader: preference({ label: t.screenReader, schema: z.boolean(), default: false }),
  /** Offered before the others; empty means in the usual order. */
  editor: preference({ label: t.editor, schema: z.enum(['', ...EDITOR_IDS]), default: '' }),
  notifications: preference({ label: t.notifications, schema: z.boolean(), default: true }),
  /** Those that are not wanted although notifications are on. */
  quiet: preference({
    label: t.quiet,
    schema: z.readonly(z.array(z.enum(NOTICE_KINDS)).check(z.maxLength(10))),
    default: [],
  }),
  /** Whether own sessions without a workspace are removed by themselves once they are over for so many days. */
  cleanup: preference({
    label: t.cleanup,
    schema: z.strictObject({ auto: z.boolean(), days: z.int().check(z.gte(1), z.lte(3650)) }),
    default: { auto: false, days: 30 },
  }),
  /** After how many hours without use a session is idle, and how long after that it is shut down; null: never. */
  idleGuard: preference({
    label: t.idleGuard,
    schema: z.strictObject({
      hours: z.nullable(z.number().check(z.gte(0.5), z.lte(24))),
      shutDownAfterMinutes: z.nullable(z.int().check(z.gte(5), z.lte(1440))),
    }),
    default: { hours: 2, shutDownAfterMinutes: null },
  }),
  /** Only the tray icon at the next start, where there is one. */
  startHidden: preference({ label: t.startHidden, schema: z.boolean(), default: false }),
  /** Where the search for free local ports begins, for sessions that have none yet. */
  firstPorts: preference({
    label: t.firstPorts,
    schema: z.strictObject({ ssh: LocalPort, jupyter: LocalPort, vscode: LocalPort }),
    default: FIRST_PORTS,
  }),
  /** Where a later version is looked for; empty means nowhere. */
  updateFeed: preference({ label: t.updateFeed, schema: FeedUrl, default: '', isPrivate: true }),
  /** Links of the app's own scheme are opened with it, where it can be chosen. */
  openLinks: preference({ label: t.openLinks, schema: z.boolean(), default: true }),
  /** What is written to the log file, from here upwards. */
  logLevel: preference({ label: t.logLevel, schema: z.enum(LOG_LEVELS), default: 'info' }),
} as const;

type Table = typeof PREFERENCES;
export type PreferenceName = keyof Table;
export const PREFERENCE_NAMES = Object.keys(PREFERENCES) as readonly PreferenceName[];

export type Preferences = { readonly [K in PreferenceName]: z.infer<Table[K]['schema']> };

type Shape = { readonly [K in PreferenceName]: Table[K]['schema'] };
const pick = <T>(of: (p: Preference<z.ZodMiniType>) => T) =>
  Object.fromEntries(
    Object.entries(PREFERENCES).map(([name, p]) => [name, of(p as Preference<z.ZodMiniType>)]),
  );

export type SomePreferences = Partial<Preferences>;
/** A key that is there has a value: its type says so, unlike the schema's own. */
export const SomePreferences = z.partial(
  z.strictObject(pick((p) => p.schema) as Shape),
) as unknown as z.ZodMiniType<SomePreferences>;

export const isPrivate = (name: PreferenceName): boolean =>
  'isPrivate' in PREFERENCES[name] && PREFERENCES[name].isPrivate === true;

export const DEFAULT_PREFERENCES = pick((p) => p.default) as unknown as Preferences;
