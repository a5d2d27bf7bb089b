import { sizeText } from '../../../preload/contract/size.ts';
import type { Transfer } from '../../../preload/contract/state.ts';
import { workspaceTexts } from '../../../preload/contract/texts/index.ts';

const t = workspaceTexts.transfer;

/** "Uploading 12 MB of 80 MB, 4.1 MB/s". */
export function transferWords({
  step,
  sent,
  total,
  bytesPerSecond,
}: Pick<Transfer, 'step' | 'sent' | 'total' | 'bytesPerSecond'>): string {
  if (total === 0 && sent === 0) return t[step]();
  const amount = total > 0 ? t.amount(sizeText(sent), sizeText(total)) : sizeText(sent);
  return t[step](bytesPerSecond > 0 ? t.speed(amount, sizeText(bytesPerSecond)) : amount);
}
