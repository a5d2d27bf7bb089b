import { describe, expect, it } from 'vitest';
import { OPTION_NAMES, OPTIONS } from '../../../preload/contract/options.ts';
import { PREFERENCE_NAMES } from '../../../preload/contract/preferences.ts';
import {
  noticeTexts,
  optionTexts,
  preferenceTexts,
  queueTexts,
  stateTexts,
  trayTexts,
} from '../../../preload/contract/texts/index.ts';

/** The other way round, a text that is missing does not compile. */
describe('the texts of a table', () => {
  it('are those of its options, in the same order', () => {
    expect(Object.keys(optionTexts.fields)).toEqual(OPTION_NAMES);
  });
  it('are those of its preferences, in the same order', () => {
    expect(Object.keys(preferenceTexts)).toEqual(PREFERENCE_NAMES);
  });
  it('say why an option is not remembered only where it is not', () => {
    const forgotten = OPTION_NAMES.filter((name) => OPTIONS[name].remembered !== true);
    expect(Object.keys(optionTexts.forgotten)).toEqual(forgotten);
  });
  it('say what empty means wherever that is the default', () => {
    const silent = OPTION_NAMES.filter((name) => {
      const { default: usual, empty } = { empty: undefined, ...OPTIONS[name] };
      return (usual === '' || (Array.isArray(usual) && usual.length === 0)) && !empty;
    });
    expect(silent).toEqual([]);
  });
});

describe('a text about a number', () => {
  const { questions, cleanup, idle } = noticeTexts;
  it.each([
    [trayTexts.resumeAll, 'Resume one', 'Resume all 2'],
    [cleanup.title, 'Removed one session', 'Removed 2 sessions'],
    [
      questions.quit.detail,
      'One connected session loses its local ports. The sessions go on running.',
      '2 connected sessions lose their local ports. The sessions go on running.',
    ],
    [
      queueTexts.silent,
      'Its agent is silent and probably dead: the session would wait.',
      'Its 2 agents are silent and probably dead: the session would wait.',
    ],
    [
      stateTexts.cut,
      'One connection was closed: the machine was restarted, or the link was down for more than 3 hours.',
      '2 connections were closed: the machine was restarted, or the link was down for more than 3 hours.',
    ],
    [
      idle.body,
      'Not used from here for more than an hour, and its machine reports no work.',
      'Not used from here for more than 2 h, and its machine reports no work.',
    ],
  ])('is another one for one than for two', (text, one, two) => {
    expect([text(1), text(2)]).toEqual([one, two]);
  });
});

describe('a finding in a console', () => {
  it('is a sentence also where the console names nothing', () => {
    const { noImage, container } = stateTexts.findings;
    expect(noImage(undefined)).toBe('The docker image does not exist, or the machine may not pull it.');
    expect(container(undefined)).toBe('Docker could not start the container.');
  });
});
