/** What is not taken over from a file with presets or settings, and why. */
export const imports = {
  preset: 'Preset',
  morePresets: (n: number) => `${n} more`,
  atMost: (presets: number) => `At most ${presets}.`,
  atMostPresets: (presets: number) => `At most ${presets} presets.`,
  noSetting: 'There is no such setting.',
  noOption: 'There is no such option.',
  meant: (option: string) => `There is no such option. Did you mean ${option}?`,
  notKept: (why: string) => `Not kept. ${why}`,
  noObject: 'It is not an object with options.',
  nothingUsable: 'It holds no option that can be used.',
};
