/** `pool.dataset.*` on FreeBSD: fewer properties, and of `extra` only `flat`. */
import type { SimMethod } from '../../calls/method.ts';
import type { ApiRow } from '../common.ts';
import { baseRows, type CoreQuery, coreInstance, coreQuery, fields } from '../legacy/base.ts';

const FIELDS =
  'id type name pool encrypted encryption_root key_loaded children comments quota_warning quota_critical ' +
  'refquota_warning refquota_critical managedby deduplication aclmode acltype xattr atime casesensitivity checksum exec ' +
  'sync compression compressratio origin quota refquota reservation refreservation copies snapdir readonly recordsize ' +
  'sparse volsize volblocksize key_format encryption_algorithm used available special_small_block_size pbkdf2iters ' +
  'locked mountpoint';

const DATASETS: CoreQuery = {
  namespace: 'pool.dataset',
  entity: 'PoolDataset',
  rows: (context, { flat }) =>
    baseRows(context, 'pool.dataset.query', flat === false ? { flat: false } : {}).map(datasetRow),
};

export const DATASET_METHODS: readonly SimMethod[] = [coreQuery(DATASETS), coreInstance(DATASETS)];

/** File systems have the newer kind of lists by themselves. */
const ACLTYPE = { parsed: 'nfsv4', rawvalue: 'nfsv4', value: 'NFSV4', source: 'DEFAULT' };

function datasetRow(row: ApiRow): ApiRow {
  const children = row['children'];
  const names = FIELDS.split(' ').filter((name) => name in row);
  return fields(row, names.join(' '), {
    ...('acltype' in row ? { acltype: ACLTYPE } : {}),
    ...(Array.isArray(children) ? { children: (children as ApiRow[]).map(datasetRow) } : {}),
  });
}
