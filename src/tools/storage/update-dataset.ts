/** `update_dataset`: settings of a dataset or volume; the old values are its undo. */
import * as z from 'zod';
import type { Change, PlannedCall, Undo } from '../../changes/change.ts';
import { readRow, valueAt } from '../../changes/state.ts';
import { InputProblem } from '../../output/problem.ts';
import { formatBytes } from '../../output/units.ts';
import type { ReadClient } from '../../truenas/client.ts';
import { defineChange } from '../define.ts';
import { datasetName } from '../support/inputs.ts';
import { sizeInput } from '../support/size-input.ts';
import { datasetThing, presentTarget } from '../support/targets.ts';
import { type DatasetFacts, datasetFacts, namesBelow } from './dataset-facts.ts';
import {
  isSize,
  type Setting,
  SETTING_INPUTS,
  settingLines,
  settingsOf,
  commentsPath,
} from './dataset-settings.ts';
import { readUses, USES_READS, usesFacts, usesLines } from './dataset-uses.ts';
import { unknownDataset } from './find.ts';

export const updateDataset = defineChange({
  name: 'update_dataset',
  toolset: 'storage',
  access: 'manage',
  title: 'Change settings of a dataset',
  words:
    'set limit quota refquota reservation compression dedup record size atime sync read-only grow bigger zvol volume filesystem property',
  description: 'Changes quota, reservation, compression, sync and other settings of a dataset or volume.',
  input: z.strictObject({
    dataset: z.string().min(1).max(200),
    ...SETTING_INPUTS,
    volsize: sizeInput.optional().describe('Of a volume; only larger'),
  }),
  uses: ['pool.dataset.query', ...USES_READS],
  writes: ['pool.dataset.update'],
  examples: [
    { args: { dataset: 'tank/media', quota: '40T' }, why: 'a quota' },
    { args: { dataset: 'tank/media', compression: 'zstd', atime: 'off' }, why: 'several settings' },
    {
      args: { dataset: 'tank/media', recordsize: 'inherit', comments: 'films' },
      why: 'back to what is inherited',
    },
    { args: { dataset: 'fast/vms/web01', volsize: '120G' }, why: 'a larger volume' },
    {
      args: { dataset: 'tank/documents', sync: 'disabled', readonly: 'on' },
      why: 'settings that cost something',
    },
  ],
  async plan(nas, { dataset: named, ...given }): Promise<Change> {
    const dataset = datasetName(named);
    const facts = await datasetFacts(nas, dataset);
    const settings = await settingsOf(nas, given, facts.type === 'VOLUME');
    if (settings.length === 0) throw new InputProblem('dataset', 'alone changes nothing: name a setting');
    checkSizes(settings, facts, dataset);
    return planUpdate(nas, dataset, settings);
  },
});

async function planUpdate(nas: ReadClient, dataset: string, settings: readonly Setting[]): Promise<Change> {
  const thing = datasetThing(dataset);
  const row = (await readRow(nas, thing.read)) ?? {};
  const after = await expectedAfter(nas, dataset, settings);
  const target = await presentTarget(nas, thing, after, {
    absent: () => unknownDataset(nas, 'dataset', dataset),
  });
  const isCutting = settings.some(({ name, sent }) => name === 'readonly' && sent === 'ON');
  const uses = isCutting ? await readUses(nas, dataset) : undefined;
  const below = settings.some(({ name }) => !isSize(name)) ? await namesBelow(nas, dataset) : [];
  const list = settings.map(({ text }) => text).join(', ');
  const call: PlannedCall = {
    method: 'pool.dataset.update',
    params: [dataset, Object.fromEntries(settings.map(({ name, sent }) => [name, sent]))],
    purpose: `set ${list} on ${dataset}`,
    before: row,
    ...(uses === undefined ? {} : { facts: usesFacts(uses) }),
  };
  return {
    summary: `Set ${list} on ${dataset}`,
    calls: [call],
    targets: [target],
    impact: [
      ...settingLines(settings),
      ...(below.length === 0 ? [] : [`Of ${below.length} below, those that inherit these settings follow.`]),
      ...(uses === undefined ? [] : usesLines(uses)),
    ],
    undo: undoOf(call, dataset, settings, row, await commentsPath(nas)),
  };
}

/** What the row shows afterwards; for a setting that is inherited again, what the parent has. */
async function expectedAfter(
  nas: ReadClient,
  dataset: string,
  settings: readonly Setting[],
): Promise<Record<string, unknown>> {
  const inherited = settings.filter(({ sent }) => sent === 'INHERIT').map(({ name }) => name);
  const parent = dataset.slice(0, Math.max(0, dataset.lastIndexOf('/')));
  const row =
    inherited.length > 0 && parent !== '' ? await readRow(nas, datasetThing(parent).read) : undefined;
  const fromParent = inherited.flatMap((name): [string, unknown][] => {
    const source = valueAt(row, `${name}.source`);
    if (row === undefined || typeof source !== 'string') return [];
    return [
      [`${name}.value`, valueAt(row, `${name}.value`) ?? null],
      [`${name}.source`, source === 'DEFAULT' ? 'DEFAULT' : 'INHERITED'],
    ];
  });
  return Object.assign({}, ...settings.map(({ after }) => after), Object.fromEntries(fromParent));
}

/** @throws InputProblem for a size that the NAS would refuse, with the figure that is against it */
function checkSizes(settings: readonly Setting[], facts: DatasetFacts, dataset: string): void {
  const bytesOfSetting = (name: string): number => {
    const sent = settings.find((each) => each.name === name)?.sent;
    return typeof sent === 'number' ? sent : 0;
  };
  const refuseBelow = (name: 'quota' | 'refquota', used: number | null | undefined, what: string): void => {
    const wanted = bytesOfSetting(name);
    if (wanted > 0 && typeof used === 'number' && wanted < used)
      throw new InputProblem(
        name,
        `${formatBytes(wanted)} is less than ${dataset} uses now: ${formatBytes(used)} ${what}`,
        'Free space first, or set a larger one.',
      );
  };
  refuseBelow('quota', facts.used?.parsed, 'with snapshots and all below it');
  refuseBelow('refquota', facts.usedbydataset?.parsed, 'of its own');
  const volume = bytesOfSetting('volsize');
  if (!settings.some(({ name }) => name === 'volsize')) return;
  const size = facts.volsize?.parsed;
  if (typeof size === 'number' && volume < size)
    throw new InputProblem(
      'volsize',
      `is only made larger: ${dataset} has ${formatBytes(size)}, and a smaller volume would cut off the end of its data`,
    );
  const block = facts.volblocksize?.parsed;
  if (typeof block === 'number' && block > 0 && volume % block !== 0)
    throw new InputProblem(
      'volsize',
      `must be a multiple of the block size of ${dataset}: ${formatBytes(block)}`,
    );
}

function undoOf(
  call: PlannedCall,
  dataset: string,
  settings: readonly Setting[],
  row: Readonly<Record<string, unknown>>,
  comments: string,
): Undo {
  if (settings.some(({ name }) => name === 'volsize'))
    return { impossible: 'a volume is never made smaller again' };
  const old = settings.map(({ name }) => [name, oldValue(name, row, comments)] as const);
  return {
    calls: [
      {
        method: call.method,
        params: [dataset, Object.fromEntries(old)],
        purpose: `set ${settings.map(({ name }) => name).join(', ')} of ${dataset} back`,
        before: Object.fromEntries(settings.map(({ name, sent }) => [name, sent])),
      },
    ],
  };
}

/** What restores a setting: its own value, or inheriting it where it was inherited. */
function oldValue(name: string, row: Readonly<Record<string, unknown>>, comments: string): unknown {
  if (isSize(name)) return Number(valueAt(row, `${name}.parsed`) ?? 0);
  const path = name === 'comments' ? comments : name;
  const source = valueAt(row, `${path}.source`);
  if (source !== 'LOCAL' && source !== 'RECEIVED') return 'INHERIT';
  return name === 'copies' ? Number(valueAt(row, `${path}.rawvalue`)) : valueAt(row, `${path}.value`);
}
