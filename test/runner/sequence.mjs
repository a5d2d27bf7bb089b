import { BaseSequencer } from 'vitest/node';

/** Short files that take long. Where vitest has no times of an earlier run, it takes a large file for a long one. */
const LONG = /chaos/;

/** What takes long begins first, so that nothing runs by itself in the end. */
export class LongestFirst extends BaseSequencer {
  /**
   * @override
   * @param {import('vitest/node').TestSpecification[]} files
   */
  async sort(files) {
    const sorted = await super.sort(files);
    const long = sorted.filter(({ moduleId }) => LONG.test(moduleId));
    return [...long, ...sorted.filter((file) => !long.includes(file))];
  }
}
