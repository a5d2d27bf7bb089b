import { sizeText } from '../../../preload/contract/size.ts';
import type { Transfer } from '../../../preload/contract/state.ts';

const STEPS: { readonly [S in Transfer['step']]: string } = {
  packing: 'Packing',
  uploading: 'Uploading',
  downloading: 'Downloading',
};

/** "Uploading 12 MB of 80 MB, 4.1 MB/s". */
export function transferWords({ step, sent, total, bytesPerSecond }: Transfer): string {
  const amount =
    total > 0 ? ` ${sizeText(sent)} of ${sizeText(total)}` : sent > 0 ? ` ${sizeText(sent)}` : '…';
  return `${STEPS[step]}${amount}${bytesPerSecond > 0 ? `, ${sizeText(bytesPerSecond)}/s` : ''}`;
}
