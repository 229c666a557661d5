/** The call that unlocks a dataset, with a place for the secret of the person. */
import { type PlannedCall, secretOf } from '../../changes/change.ts';

/** @param secret the name of the target that the secret belongs to, and the field that it fills */
export function unlockCall(
  dataset: string,
  secret: { readonly of: string; readonly field: 'passphrase' | 'key' },
  restartsServices: boolean,
): PlannedCall {
  return {
    method: 'pool.dataset.unlock',
    params: [
      dataset,
      {
        key_file: false,
        recursive: false,
        toggle_attachments: restartsServices,
        datasets: [{ name: dataset, force: false, [secret.field]: secretOf(secret.of) }],
      },
    ],
    purpose: `unlock the dataset ${dataset}`,
  };
}
