import type { Sentence } from '../sentence.ts';
import { count } from './units.ts';

/** Presets: above the wizard, where they are managed, and where they come from. */
export const presets = {
  undo: 'Undo',
  bar: {
    title: 'Presets',
    save: 'Save as preset',
    manage: 'Manage presets',
    none: 'Keep these answers under a name, to launch the same again.',
    own: 'Your presets',
    all: (presets: number) => `All ${presets}…`,
    project: 'From this project',
    ofProject: 'Presets of this project',
    readAgain: 'Read it again',
    used: (preset: string, summary: string) => `Filled in from “${preset}”: ${summary}.`,
    leftOut: (names: string) => `Left out: ${names}.`,
  },
  /** What a preset is about, in a line. */
  summary: {
    more: (options: number) => `${options} more`,
    defaults: 'As the defaults',
  },
  save: {
    title: 'Save as preset',
    name: 'Name',
    nameMeans: 'How it is offered above the wizard.',
    description: 'Description',
    descriptionMeans: 'What it is for, in a line. May be left empty.',
    replace: 'Replace the preset of this name; otherwise this one gets a number',
    correct: (problems: string) => `Correct this in the wizard first: ${problems}`,
    save: 'Save',
    saved: (preset: string) => `Saved as “${preset}”`,
  },
  manager: {
    title: 'Presets',
    none: 'There are none. Save the answers of the wizard as one, or import a file.',
    file: 'File with presets',
    import: 'Import…',
    fromCli: 'From clearml-session…',
    exportAll: 'Export all',
    isFirst: (preset: string) => `“${preset}” is the first.`,
    isLast: (preset: string) => `“${preset}” is the last.`,
    moved: (preset: string, to: number, presets: number) => `“${preset}” is number ${to} of ${presets}.`,
    deleted: (preset: string) => `Deleted “${preset}”.`,
    restored: (preset: string) => `“${preset}” is back.`,
    tooLarge: (file: string) => `${file} is too large for presets.`,
    added: (presets: readonly string[]) =>
      `Added ${count(presets.length, 'preset')}: ${presets.map((preset) => `“${preset}”`).join(', ')}.`,
    nothingAdded: 'Nothing was added.',
    /** What a save dialog of the system says. */
    toSave: 'Presets to take along',
  },
  /** Buttons of one preset: what they show, and what they are called. */
  row: {
    use: 'Use',
    useOf: (preset: string) => `Use ${preset}`,
    edit: 'Edit',
    editOf: (preset: string) => `Edit ${preset}`,
    duplicate: 'Duplicate',
    duplicateOf: (preset: string) => `Duplicate ${preset}`,
    export: 'Export',
    exportOf: (preset: string) => `Export ${preset}`,
    command: 'As command',
    commandOf: (preset: string) => `${preset} as command`,
    delete: 'Delete',
    deleteOf: (preset: string) => `Delete ${preset}`,
    up: 'Move up (Alt ↑)',
    upOf: (preset: string) => `Move ${preset} up`,
    down: 'Move down (Alt ↓)',
    downOf: (preset: string) => `Move ${preset} down`,
  },
  cli: {
    title: 'Import from clearml-session',
    taken: <T>(file: T): Sentence<T> => [file, ' is left as it is. This is taken over:'],
    add: 'Add as preset',
  },
  skipped: 'Left out',
};
