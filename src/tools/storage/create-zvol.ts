/** `create_zvol`: a new block volume, for iSCSI, NVMe-oF or a virtual machine. */
import * as z from 'zod';
import type { Change } from '../../changes/change.ts';
import { InputProblem } from '../../output/problem.ts';
import { formatBytes } from '../../output/units.ts';
import { defineChange } from '../define.ts';
import { datasetName } from '../support/inputs.ts';
import { bytesOf, sizeInput } from '../support/size-input.ts';
import { SETTING_INPUTS, settingLines, settingsOf } from './dataset-settings.ts';
import { encryptionLine, newTargets, placeFor, removals } from './new-dataset.ts';

const BLOCK_SIZES = ['4K', '8K', '16K', '32K', '64K', '128K'] as const;
/** The NAS advises against volumes that take more of the free space, and refuses them. */
const MAX_SHARE = 0.8;
const DEFAULT_BLOCK = 16 * 1024;

export const createZvol = defineChange({
  name: 'create_zvol',
  toolset: 'storage',
  access: 'manage',
  isUnlisted: true,
  title: 'Create a volume',
  words: 'make new add zvol block device virtual disk for iscsi vm',
  description:
    'Makes a block volume (zvol) for iSCSI, NVMe-oF or a virtual machine. Its size is reserved unless sparse: true.',
  input: z.strictObject({
    dataset: z.string().min(1).max(200),
    size: sizeInput,
    sparse: z.boolean().optional().describe('Takes space only as it is written'),
    volblocksize: z.enum(BLOCK_SIZES).optional(),
    parents: z.boolean().optional().describe('Make missing parents'),
    compression: SETTING_INPUTS.compression,
    sync: SETTING_INPUTS.sync,
    deduplication: SETTING_INPUTS.deduplication,
    readonly: SETTING_INPUTS.readonly,
    comments: SETTING_INPUTS.comments,
  }),
  uses: ['pool.dataset.query'],
  writes: ['pool.dataset.create', 'pool.dataset.delete'],
  examples: [
    { args: { dataset: 'fast/vms/mail', size: '40G' }, why: 'a reserved volume' },
    {
      args: { dataset: 'tank/iscsi/new', size: '1T', sparse: true, volblocksize: '64K' },
      why: 'a sparse one',
    },
  ],
  async plan(nas, input, context): Promise<Change> {
    const { dataset: named, size, sparse = false, volblocksize, parents, ...given } = input;
    const dataset = datasetName(named);
    const bytes = bytesOf('size', size);
    const block = volblocksize === undefined ? DEFAULT_BLOCK : bytesOf('volblocksize', volblocksize);
    if (bytes === 0 || bytes % block !== 0)
      throw new InputProblem('size', `must be a multiple of the block size, ${formatBytes(block)}`);
    const place = await placeFor(nas, dataset, { known: context.known, mayMakeParents: parents === true });
    const free = place.parent?.available?.parsed;
    if (typeof free === 'number' && bytes > free * MAX_SHARE)
      throw new InputProblem(
        'size',
        `${formatBytes(bytes)} is more than 80 % of the ${formatBytes(free)} that are free there, which the NAS refuses`,
      );
    const settings = (await settingsOf(nas, given, true)).filter(({ sent }) => sent !== 'INHERIT');
    const list = [formatBytes(bytes), ...(sparse ? ['sparse'] : []), ...settings.map(({ text }) => text)];
    const after = Object.assign(
      { type: 'VOLUME', 'volsize.parsed': bytes },
      ...settings.map((each) => each.after),
    );
    return {
      summary: `Create volume ${dataset} (${list.join(', ')})`,
      calls: [
        {
          method: 'pool.dataset.create',
          params: [
            {
              name: dataset,
              type: 'VOLUME',
              volsize: bytes,
              sparse,
              ...(volblocksize === undefined ? {} : { volblocksize }),
              ...(place.ancestors.length === 0 ? {} : { create_ancestors: true }),
              ...Object.fromEntries(settings.map(({ name, sent }) => [name, sent])),
            },
          ],
          purpose: `create the volume ${dataset}`,
        },
      ],
      targets: await newTargets(nas, dataset, place, after),
      impact: [
        sparse
          ? 'Sparse: it takes space as it is written. When the pool runs full, writes fail and what is on it may be damaged.'
          : `${formatBytes(bytes)} are reserved in the pool at once${typeof free === 'number' ? `; ${formatBytes(free - bytes)} stay free` : ''}.`,
        ...encryptionLine(place, dataset),
        ...settingLines(settings),
      ],
      undo: { calls: removals(dataset, place) },
    };
  },
});
