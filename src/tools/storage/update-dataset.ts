/** `update_dataset`: settings of a dataset or volume; the old values are its undo. */
import { z } from 'zod';
import type { Change } from '../../changes/change.ts';
import { InputProblem } from '../../output/problem.ts';
import type { ReadClient } from '../../truenas/client.ts';
import { defineChange } from '../define.ts';
import { datasetName } from '../support/inputs.ts';
import { datasetThing, presentTarget } from '../support/targets.ts';
import { bytesOf, sizeInput } from '../support/size-input.ts';
import { unknownDataset } from './find.ts';

const ON_OFF = z.enum(['on', 'off', 'inherit']).optional();

export const updateDataset = defineChange({
  name: 'update_dataset',
  toolset: 'storage',
  access: 'manage',
  title: 'Change settings of a dataset',
  description: 'Changes quota, reservation, compression, sync and other settings of a dataset or volume.',
  input: z.strictObject({
    dataset: z.string().min(1).max(200),
    quota: sizeInput.optional().describe('"500G"; 0 for none'),
    refquota: sizeInput.optional(),
    reservation: sizeInput.optional(),
    refreservation: sizeInput.optional(),
    compression: z.string().max(20).optional().describe('lz4, zstd, off, inherit …'),
    recordsize: z.string().max(10).optional().describe('128K, 1M, inherit'),
    atime: ON_OFF,
    sync: z.enum(['standard', 'always', 'disabled', 'inherit']).optional(),
    deduplication: z.enum(['on', 'off', 'verify', 'inherit']).optional(),
    readonly: ON_OFF,
    snapdir: z.enum(['visible', 'hidden', 'disabled', 'inherit']).optional(),
    copies: z.number().int().min(1).max(3).optional(),
    comments: z.string().max(1_000).optional(),
    volsize: sizeInput.optional().describe('Of a volume; only larger'),
  }),
  uses: ['pool.dataset.query'],
  writes: ['pool.dataset.update'],
  examples: [
    { args: { dataset: 'tank/media', quota: '40T' }, why: 'a quota' },
    { args: { dataset: 'tank/media', compression: 'zstd', atime: 'off' }, why: 'several settings' },
  ],
  async plan(nas, { dataset: named, ...settings }): Promise<Change> {
    const dataset = datasetName(named);
    const wanted = Object.entries(settings).flatMap(([name, value]) =>
      value === undefined ? [] : [settingOf(name, value)],
    );
    if (wanted.length === 0) throw new InputProblem('dataset', 'alone changes nothing: name a setting');
    return planUpdate(nas, dataset, wanted);
  },
});

/** One setting: what is sent, and how the NAS shows it afterwards. */
interface Setting {
  readonly name: string;
  readonly sent: unknown;
  /** Path into the row, and the value there; absent where the NAS chooses it (inherit). */
  readonly path: string;
  readonly after: unknown;
}

const SIZES = new Set(['quota', 'refquota', 'reservation', 'refreservation', 'volsize']);

function settingOf(name: string, value: unknown): Setting {
  if (SIZES.has(name)) {
    const bytes = bytesOf(name, value);
    // The NAS shows no quota as null.
    return { name, sent: bytes, path: `${name}.parsed`, after: bytes === 0 ? null : bytes };
  }
  if (name === 'comments') return { name, sent: value, path: 'comments.value', after: value };
  if (name === 'copies') return { name, sent: value, path: 'copies.rawvalue', after: String(value) };
  const sent =
    name === 'recordsize' && value !== 'inherit' ? String(value).toUpperCase() : String(value).toUpperCase();
  if (sent === 'INHERIT') return { name, sent, path: `${name}.source`, after: undefined };
  return { name, sent, path: `${name}.value`, after: sent };
}

async function planUpdate(nas: ReadClient, dataset: string, settings: readonly Setting[]): Promise<Change> {
  const after = Object.fromEntries(
    settings.flatMap(({ path, after: value }) => (value === undefined ? [] : [[path, value]])),
  );
  const thing = datasetThing(dataset);
  const paths = settings.flatMap(({ name }) => [`${name}.value`, `${name}.rawvalue`, `${name}.source`]);
  const target = await presentTarget(
    nas,
    { ...thing, identity: thing.identity },
    Object.keys(after).length === 0 ? 'present' : after,
    { absent: () => unknownDataset(nas, 'dataset', dataset) },
  );
  const now = await presentTarget(nas, { ...thing, written: paths }, 'present', {
    absent: () => unknownDataset(nas, 'dataset', dataset),
  });
  const call = {
    method: 'pool.dataset.update',
    params: [dataset, Object.fromEntries(settings.map(({ name, sent }) => [name, sent]))],
    purpose: `change ${settings.map(({ name }) => name).join(', ')} of ${dataset}`,
    before: now.before,
  };
  return {
    summary: `Change ${settings.map(({ name, sent }) => `${name} to ${String(sent)}`).join(', ')} of ${dataset}`,
    calls: [call],
    targets: [target],
    impact: [],
    undo: {
      calls: [
        {
          ...call,
          params: [
            dataset,
            Object.fromEntries(settings.map(({ name }) => [name, oldValue(name, now.before)])),
          ],
          purpose: `set ${settings.map(({ name }) => name).join(', ')} of ${dataset} back`,
        },
      ],
    },
  };
}

/** What restores a setting: its own value, or inheriting it where it was inherited. */
function oldValue(name: string, before: Readonly<Record<string, unknown>>): unknown {
  const source = before[`${name}.source`];
  const raw = before[`${name}.rawvalue`];
  if (SIZES.has(name)) return Number(raw ?? 0);
  if (source !== 'LOCAL' && source !== 'RECEIVED') return name === 'comments' ? '' : 'INHERIT';
  return name === 'copies' ? Number(raw) : before[`${name}.value`];
}
