import { useSignal } from '@preact/signals';
import { Button } from '../../parts/Button.tsx';
import { CleanupDialog } from './CleanupDialog.tsx';

/** Opens the list of own sessions that are over. */
export function CleanupButton() {
  const open = useSignal(false);
  return (
    <>
      <Button
        look="quiet"
        label="Clean up…"
        onPress={() => {
          open.value = true;
        }}
      />
      {open.value && (
        <CleanupDialog
          onClose={() => {
            open.value = false;
          }}
        />
      )}
    </>
  );
}
