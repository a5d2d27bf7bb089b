import { AppError } from '../../../preload/contract/errors.ts';

export const cancelled = (): AppError => new AppError('cancelled', 'Cancelled.');

/** Undefined where the error is another. */
export function diskFull(error: unknown): AppError | undefined {
  if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') return undefined;
  return new AppError('invalid', 'The disk of this computer is full.', {
    hint: 'Free some space and try again.',
    cause: error,
  });
}
