/** `pool.dataset.lock`, `unlock` and `encryption_summary`. */
import * as z from 'zod';
import { ValidationErrors } from '../errors/exceptions.ts';
import type { MethodContext, SimMethod } from '../calls/method.ts';
import { isAtLeast } from '../releases.ts';
import { model, secret, text } from '../schema/schema.ts';
import type { Dataset } from '../world/datasets.ts';
import { isLocked } from '../world/datasets.ts';
import { announce, type ApiRow } from './common.ts';
import { memoized } from './crud.ts';
import { existing } from './dataset-write.ts';
import { datasetRow, datasetView } from './dataset-row.ts';

const flag = z.boolean().default(false);

interface Given {
  readonly name: string;
  readonly key?: string;
  readonly passphrase?: string;
  readonly recursive?: boolean;
}

interface UnlockOptions {
  readonly recursive: boolean;
  readonly datasets: readonly Given[];
}

function givenKey(release: MethodContext['release'], withRecursive: boolean): z.ZodType {
  const isOld = !isAtLeast(release, '25.10');
  return model('UnlockDataset', {
    force: flag,
    name: isOld ? text() : text({ min: 1 }),
    key: secret(isOld ? text() : text({ min: 64, max: 64 })).optional(),
    passphrase: secret(isOld ? text() : text({ min: 1 })).optional(),
    ...(withRecursive ? { recursive: flag } : {}),
  });
}

export const DATASET_LOCK_METHODS: readonly SimMethod[] = [
  {
    name: 'pool.dataset.lock',
    description: 'Locks a dataset that a passphrase protects.',
    roles: ['DATASET_WRITE'],
    params: [
      ['id', text()],
      ['options', model('PoolDatasetLockOptions', { force_umount: flag }).prefault({})],
    ],
    job: { lock: 'dataset_lock', description: ([id]) => `Lock ${String(id)}` },
    run: lock,
  },
  {
    name: 'pool.dataset.unlock',
    description: 'Unlocks a dataset, and with recursive what lies below it, with the keys given.',
    roles: ['DATASET_WRITE'],
    params: memoized((release) => [
      ['id', text()],
      [
        'options',
        model('PoolDatasetUnlockOptions', {
          force: flag,
          key_file: flag,
          recursive: flag,
          toggle_attachments: z.boolean().default(true),
          datasets: z.array(givenKey(release, true)).default([]),
        }).prefault({}),
      ],
    ]),
    job: { lock: ([id]) => `dataset_unlock_${String(id)}`, description: ([id]) => `Unlock ${String(id)}` },
    run: unlock,
  },
  {
    name: 'pool.dataset.encryption_summary',
    description: 'Whether the keys given would unlock the encryption roots in a tree.',
    roles: ['DATASET_READ'],
    params: memoized((release) => [
      ['id', text()],
      [
        'options',
        model('PoolDatasetEncryptionSummaryOptions', {
          key_file: flag,
          force: flag,
          datasets: z.array(givenKey(release, false)).default([]),
        }).prefault({}),
      ],
    ]),
    job: { lock: ([id]) => `encryption_summary_${String(id)}` },
    run: summarize,
  },
];

function lock(context: MethodContext, id: string): boolean {
  const dataset = existing(context.world, id);
  const problems = new ValidationErrors();
  const { key } = dataset;
  if (isLocked(dataset)) problems.add('id', 'Dataset is already locked');
  else if (key === null) problems.add('id', 'Only encryption roots can be locked');
  else if (key.format !== 'PASSPHRASE') {
    problems.add('id', 'Only datasets which are encrypted with passphrase can be locked');
  }
  problems.check();
  context.job?.progress(30, 'Unmounting');
  if (key !== null) key.isLoaded = false;
  tell(context, dataset);
  return true;
}

function unlock(context: MethodContext, id: string, options: UnlockOptions): ApiRow {
  const { world } = context;
  const root = existing(world, id);
  const within = options.recursive ? [...world.datasets.walk(root)] : [root];
  const locked = within.filter(({ key }) => key !== null && !key.isLoaded);
  if (locked.length === 0) {
    throw new ValidationErrors().add('id', `${id} dataset is not locked`);
  }
  const unlocked: string[] = [];
  const failed: Record<string, { error: string; skipped: string[] }> = {};
  for (const [index, dataset] of locked.entries()) {
    context.job?.progress(Math.round((index / locked.length) * 90), `Unlocking '${dataset.id}'`);
    const problem = unlockProblem(dataset, options.datasets);
    if (problem !== null) {
      failed[dataset.id] = { error: problem, skipped: [] };
      continue;
    }
    if (dataset.key !== null) dataset.key.isLoaded = true;
    unlocked.push(dataset.id);
    tell(context, dataset);
  }
  return { unlocked, failed };
}

function summarize({ world }: MethodContext, id: string, options: UnlockOptions): ApiRow[] {
  const roots = [...world.datasets.walk(existing(world, id))].filter(({ key }) => key !== null);
  return roots.map((dataset) => {
    const problem = unlockProblem(dataset, options.datasets);
    const isShut = isLocked(dataset);
    return {
      name: dataset.id,
      key_format: dataset.key?.format ?? 'NONE',
      key_present_in_database: dataset.key?.format === 'HEX',
      valid_key: problem === null,
      locked: isShut,
      unlock_error: isShut ? problem : null,
      unlock_successful: isShut && problem === null,
    };
  });
}

function unlockProblem({ id, key }: Dataset, given: readonly Given[]): string | null {
  const mine = given.find(({ name }) => name === id);
  const secretText = mine?.passphrase ?? mine?.key;
  if (secretText === undefined) return key?.format === 'HEX' ? null : 'Missing key';
  return secretText === key?.secret ? null : 'Invalid Key';
}

function tell(context: MethodContext, dataset: Dataset): void {
  const row = datasetRow(context.world, dataset, datasetView(context.release));
  announce(context, 'pool.dataset', 'changed', dataset.id, row);
}
