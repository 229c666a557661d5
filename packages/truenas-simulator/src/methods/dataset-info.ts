/** `pool.dataset.*` around a dataset: what uses it, how many snapshots it has, and which settings there are. */
import type { MethodContext, SimMethod } from '../calls/method.ts';
import { text } from '../schema/schema.ts';
import type { Attachment } from '../world/attachments.ts';
import { attachmentsOf } from '../world/attachments.ts';
import { isInternal } from '../world/datasets.ts';
import { type ApiRow, UNTIL_25_10 } from './common.ts';
import { CHECKSUMS, CIPHERS, COMPRESSIONS } from './dataset-fields.ts';
import { datasetRow, datasetView } from './dataset-row.ts';
import { RECORD_SIZES } from './dataset-check.ts';
import { existing } from './dataset-write.ts';

const roles = ['DATASET_READ'];
const choiceRoles = ['DATASET_READ', 'READONLY_ADMIN'];

export const DATASET_INFO_METHODS: readonly SimMethod[] = [
  {
    name: 'pool.dataset.attachments',
    description: 'Shares and other things that use a dataset or one below it.',
    roles,
    params: [['id', text()]],
    run: ({ world }: MethodContext, id: string) =>
      attachmentsOf(world, existing(world, id)).map(attachmentRow),
  },
  {
    name: 'pool.dataset.processes',
    description: 'Processes that use a dataset.',
    roles,
    params: [['id', text()]],
    run({ world }: MethodContext, id: string) {
      existing(world, id);
      return [];
    },
  },
  {
    name: 'pool.dataset.snapshot_count',
    description: 'How many snapshots a dataset has.',
    roles,
    params: [['dataset', text()]],
    run: ({ world }: MethodContext, id: string) => world.datasets.get(id)?.snapshots.length ?? 0,
  },
  {
    name: 'pool.dataset.details',
    description: 'Every root dataset with its tree, and what uses each part of it.',
    roles,
    run({ world, release }: MethodContext) {
      const view = datasetView(release, { retrieve_children: false, snapshots_count: true });
      const tree = (id: string): ApiRow[] => {
        const dataset = world.datasets.get(id);
        if (dataset === undefined || isInternal(id)) return [];
        const uses = attachmentsOf(world, dataset);
        const named = (type: string): ApiRow[] =>
          uses
            .filter((use) => use.type === type)
            .flatMap(({ names }) => names.map((name) => ({ share_name: name })));
        const row = {
          ...datasetRow(world, dataset, view),
          children: dataset.children.flatMap((child) => tree(child.id)),
          smb_shares: named('SMB Share'),
          nfs_shares: named('NFS Share'),
          iscsi_shares: named('iSCSI Extent'),
          nvmet_shares: named('NVMe-oF Namespace'),
          vms: [],
          apps: [],
          thick_provisioned: dataset.local.has('refreservation'),
        };
        return [row];
      };
      return world.pools.all.flatMap(({ name }) => tree(name));
    },
  },
  choices('compression_choices', 'Compression algorithms.', COMPRESSIONS),
  choices(
    'checksum_choices',
    'Checksum algorithms.',
    CHECKSUMS.filter((name) => name !== 'OFF'),
  ),
  {
    ...choices('encryption_algorithm_choices', 'Ciphers for encrypted datasets.', CIPHERS),
    releases: UNTIL_25_10,
  },
  {
    name: 'pool.dataset.recordsize_choices',
    description: 'Record sizes a filesystem can have.',
    roles: choiceRoles,
    params: [['pool_name', text().nullable().default(null)]],
    run: () => RECORD_SIZES,
  },
  {
    name: 'pool.dataset.recommended_zvol_blocksize',
    description: 'The block size that suits the layout of a pool.',
    roles,
    params: [['pool', text()]],
    run: () => '16K',
  },
];

/** How the API shows what uses a dataset. */
export function attachmentRow({ type, service, names }: Attachment): ApiRow {
  return { type, service, attachments: [...names] };
}

function choices(name: string, description: string, values: readonly string[]): SimMethod {
  return {
    name: `pool.dataset.${name}`,
    description,
    roles: choiceRoles,
    run: () => Object.fromEntries(values.map((value) => [value, value])),
  };
}
