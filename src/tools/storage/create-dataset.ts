/** `create_dataset`: a new, empty file system; it takes over settings and encryption of its parent. */
import * as z from 'zod';
import type { Change } from '../../changes/change.ts';
import { InputProblem } from '../../output/problem.ts';
import { defineChange } from '../define.ts';
import { isAtLeast } from '../../truenas/releases.ts';
import { datasetName } from '../support/inputs.ts';
import { SETTING_INPUTS, settingLines, settingsOf } from './dataset-settings.ts';
import {
  encryptionLine,
  newTargets,
  placeFor,
  removals,
  WAITING_SHARES_READS,
  waitingShareLines,
} from './new-dataset.ts';

const SHARE_TYPES = ['generic', 'smb', 'nfs', 'multiprotocol', 'apps'] as const;

export const createDataset = defineChange({
  name: 'create_dataset',
  toolset: 'storage',
  access: 'manage',
  title: 'Create a dataset',
  words: 'make new add filesystem folder directory',
  description: 'Makes an empty dataset; what is not given is inherited, encryption too.',
  input: z.strictObject({
    dataset: z.string().min(1).max(200),
    share_type: z.enum(SHARE_TYPES).optional().describe('Presets names and ACLs for its use'),
    parents: z.boolean().optional().describe('Make missing parents'),
    ...SETTING_INPUTS,
  }),
  synonyms: { share_type: { windows: 'smb', cifs: 'smb', unix: 'generic', mixed: 'multiprotocol' } },
  uses: ['pool.dataset.query', ...WAITING_SHARES_READS],
  writes: ['pool.dataset.create', 'pool.dataset.delete'],
  examples: [
    { args: { dataset: 'tank/new', quota: '500G', comments: 'for tests' }, why: 'a dataset' },
    { args: { dataset: 'tank/family', share_type: 'smb', compression: 'zstd' }, why: 'one for Windows' },
    { args: { dataset: 'tank/a/b/c', parents: true }, why: 'with its parents' },
    { args: { dataset: 'tank/finance/2027' }, why: 'an encrypted one' },
  ],
  async plan(nas, { dataset: named, share_type: shareType, parents, ...given }, context): Promise<Change> {
    const dataset = datasetName(named);
    const place = await placeFor(nas, dataset, { known: context.known, mayMakeParents: parents === true });
    const settings = (await settingsOf(nas, given, false)).filter(({ sent }) => sent !== 'INHERIT');
    checkFits(settings, place.parent?.available?.parsed);
    const preset = shareType === undefined ? {} : { share_type: shareType.toUpperCase() };
    const list = [
      ...(shareType === undefined ? [] : [`for ${shareType}`]),
      ...settings.map(({ text }) => text),
    ].join(', ');
    // A NAS may make it and fail to mount it: what is written to its path then lands in the parent.
    const mounted = isAtLeast(await nas.release(), '25.10') ? { 'mounted.rawvalue': 'yes' } : {};
    const after = Object.assign({ type: 'FILESYSTEM' }, mounted, ...settings.map((each) => each.after));
    return {
      summary: `Create dataset ${dataset}${list === '' ? '' : ` (${list})`}`,
      calls: [
        {
          method: 'pool.dataset.create',
          params: [
            {
              name: dataset,
              type: 'FILESYSTEM',
              ...preset,
              ...(place.ancestors.length === 0 ? {} : { create_ancestors: true }),
              ...Object.fromEntries(settings.map(({ name, sent }) => [name, sent])),
            },
          ],
          purpose: `create the dataset ${dataset}`,
        },
      ],
      targets: await newTargets(nas, dataset, place, after),
      impact: [
        ...encryptionLine(place, dataset),
        ...(await waitingShareLines(nas, dataset)),
        ...(shareType === 'smb'
          ? ['For SMB, names do not differ by upper and lower case; that cannot be changed later.']
          : []),
        ...settingLines(settings),
      ],
      undo: { calls: removals(dataset, place) },
    };
  },
});

/** A reservation that the pool cannot give is refused beforehand. */
function checkFits(
  settings: Awaited<ReturnType<typeof settingsOf>>,
  available: number | null | undefined,
): void {
  for (const { name, sent, text } of settings) {
    const isReserved = name === 'reservation' || name === 'refreservation';
    if (isReserved && typeof sent === 'number' && typeof available === 'number' && sent > available)
      throw new InputProblem(name, `${text} is more than is free there`);
  }
}
