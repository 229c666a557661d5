/** Which dataset a path or device belongs to. */
import type { Dataset, DatasetStore } from './datasets.ts';

/** The dataset that holds a path below `/mnt`, and the rest of the path inside it. */
export function datasetAt(
  store: DatasetStore,
  path: string,
): { readonly dataset: Dataset; readonly relativePath: string } | null {
  if (!path.startsWith('/mnt/')) return null;
  const parts = path.slice('/mnt/'.length).replace(/\/+$/, '').split('/');
  for (let length = parts.length; length > 0; length--) {
    const dataset = store.get(parts.slice(0, length).join('/'));
    if (dataset !== undefined) return { dataset, relativePath: parts.slice(length).join('/') };
  }
  return null;
}

/** The zvol that a device path names, as iSCSI (`zvol/pool/name`) and NVMe-oF (`zvol/…` or `/dev/zvol/…`) spell it. */
export function zvolAt(store: DatasetStore, path: string): Dataset | null {
  const id = path
    .replace(/^\/dev\//, '')
    .replace(/^zvol\//, '')
    .replaceAll('+', ' ');
  const dataset = store.get(id);
  return dataset?.type === 'VOLUME' ? dataset : null;
}
