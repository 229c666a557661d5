/** `restore_files`: shows a snapshot as a read-only dataset, shared if wanted; undoing takes both away again. */
import * as z from 'zod';
import { type Change, type PlannedCall, resultOf, type Target, type UndoCall } from '../../changes/change.ts';
import { InputProblem } from '../../output/problem.ts';
import { plural } from '../../output/units.ts';
import { safeCell } from '../../output/untrusted.ts';
import type { ReadClient } from '../../truenas/client.ts';
import { query } from '../../truenas/query.ts';
import { isAtLeast } from '../../truenas/releases.ts';
import { defineChange } from '../define.ts';
import { datasetName } from '../support/inputs.ts';
import { gapText, readPart, valueOr } from '../support/part.ts';
import { field, rowsOf } from '../support/rows.ts';
import { newTarget, rowThing } from '../support/targets.ts';
import { datasetFacts, namesBelow } from './dataset-facts.ts';
import { planClone } from './snapshot-clone.ts';
import { someOf } from './snapshot-facts.ts';
import { namedSnapshot, snapshotName } from './snapshot-lookup.ts';

export const restoreFiles = defineChange({
  name: 'restore_files',
  toolset: 'storage',
  access: 'manage',
  title: 'Show files of a snapshot',
  words: 'recover get back undelete deleted lost previous version copy ransomware',
  description:
    'Shows a snapshot as a read-only dataset beside the original, over SMB or NFS if wanted, to copy files back from. undo_change takes it away.',
  input: z.strictObject({
    snapshot: z.string().max(400).describe('Full name, tank/a@b'),
    share: z.enum(['smb', 'nfs', 'none']).optional().describe('default none: a path on the NAS'),
    hosts: z.array(z.string().min(1).max(100)).max(50).optional().describe('nfs: who may mount it'),
    dataset: z.string().max(200).optional().describe('The new dataset'),
  }),
  synonyms: { share: { cifs: 'smb', samba: 'smb', windows: 'smb', path: 'none' } },
  uses: [
    'pool.dataset.query',
    'pool.snapshot.query',
    'service.query',
    'sharing.nfs.query',
    'sharing.smb.query',
  ],
  writes: [
    'pool.snapshot.clone',
    'pool.dataset.delete',
    'sharing.smb.create',
    'sharing.smb.delete',
    'sharing.nfs.create',
    'sharing.nfs.delete',
  ],
  examples: [
    {
      args: { snapshot: 'tank/media@before' },
      given: [{ tool: 'create_snapshot', args: { dataset: 'tank/media', name: 'before' } }],
      why: 'a path on the NAS',
    },
    {
      args: { snapshot: 'tank/media@before', share: 'smb' },
      given: [{ tool: 'create_snapshot', args: { dataset: 'tank/media', name: 'before' } }],
      why: 'an SMB share',
    },
    {
      args: { snapshot: 'tank/media@before', share: 'nfs', hosts: ['192.0.2.7', '198.51.100.0/24'] },
      given: [{ tool: 'create_snapshot', args: { dataset: 'tank/media', name: 'before' } }],
      why: 'an NFS export',
    },
  ],
  async plan(nas, input): Promise<Change> {
    const snapshot = await namedSnapshot(nas, 'snapshot', snapshotName('snapshot', input.snapshot));
    const facts = await datasetFacts(nas, snapshot.dataset, 'snapshot');
    if (facts.type !== 'FILESYSTEM') {
      throw new InputProblem(
        'snapshot',
        `${snapshot.dataset} is a volume, which holds no files for the NAS`,
        'clone_snapshot makes a volume of its own from it.',
      );
    }
    if (facts.locked === true)
      throw new InputProblem('snapshot', `${snapshot.dataset} is locked`, 'unlock_dataset comes first.');
    const dataset = input.dataset === undefined ? placeFor(snapshot) : datasetName(input.dataset);
    const clone = await planClone(nas, { snapshot: snapshot.name, dataset, isReadOnly: true }, 'dataset');
    const share = await shareOf(nas, dataset, snapshot.name, input);
    const mount = `Files are below /mnt/${dataset}, read-only, with the permissions that they had then.`;
    const away = 'undo_change takes it away again; copy what is needed to its old place before.';
    return {
      summary: `Show ${snapshot.name} at /mnt/${dataset}${share === undefined ? '' : `, ${share.title}`}`,
      calls: share === undefined ? [clone.call] : [clone.call, share.call],
      targets: [...clone.targets, ...(share === undefined ? [] : [share.target])],
      impact: [
        mount,
        ...(await belowLines(nas, snapshot.dataset)),
        ...clone.impact,
        ...(share?.impact ?? []),
        away,
      ],
      undo: { calls: [...(share === undefined ? [] : [share.undo]), clone.undo] },
    };
  },
});

/** A snapshot holds none of the files of datasets below: their folders are empty in it. */
async function belowLines(nas: ReadClient, dataset: string): Promise<string[]> {
  const part = await readPart(nas, (limited) => namesBelow(limited, dataset));
  const gap = gapText(part);
  if (gap !== undefined) return [`Files of datasets below are not in it; which there are ${gap}.`];
  const below = valueOr(part, []);
  return below.length === 0
    ? []
    : [
        `Not in it: files of ${plural(below.length, 'dataset')} below (${someOf(below)}), each of which has snapshots of its own.`,
      ];
}

/** `tank/restored-media-before` for `tank/media@before`. */
function placeFor({ dataset, snapshotName: name }: { dataset: string; snapshotName: string }): string {
  const parts = dataset.split('/');
  const leaf = parts.at(-1) ?? '';
  const parent = parts.length === 1 ? dataset : parts.slice(0, -1).join('/');
  return `${parent}/${plain(`restored-${leaf}-${name}`)}`;
}

/** Names of shares take fewer signs than those of datasets. */
function plain(name: string): string {
  return name.replace(/[^\w.-]+/gu, '-').slice(0, MAX_NAME);
}

/** A share's name is not longer. */
const MAX_NAME = 80;

interface PlannedShare {
  /** `SMB share restored-media-before`. */
  readonly title: string;
  readonly call: PlannedCall;
  readonly target: Target;
  readonly undo: UndoCall;
  readonly impact: readonly string[];
}

interface Input {
  readonly share?: 'smb' | 'nfs' | 'none' | undefined;
  readonly hosts?: readonly string[] | undefined;
}

async function shareOf(
  nas: ReadClient,
  dataset: string,
  snapshot: string,
  { share = 'none', hosts }: Input,
): Promise<PlannedShare | undefined> {
  if (hosts !== undefined && share !== 'nfs')
    throw new InputProblem('hosts', 'only says something with share: nfs');
  if (share === 'none') return undefined;
  return share === 'smb' ? smbShare(nas, dataset, snapshot) : nfsExport(nas, dataset, snapshot, hosts ?? []);
}

async function smbShare(nas: ReadClient, dataset: string, snapshot: string): Promise<PlannedShare> {
  const name = plain(dataset.slice(dataset.lastIndexOf('/') + 1));
  const path = `/mnt/${dataset}`;
  const isOld = !isAtLeast(await nas.release(), '25.10');
  // On 25.04 the default preset would set "writable" again.
  const how = isOld ? { purpose: 'NO_PRESET', ro: true } : { purpose: 'DEFAULT_SHARE', readonly: true };
  const title = `SMB share ${name}`;
  const thing = rowThing(title, 'sharing.smb.query', ['name', '=', name], { dataset });
  return {
    title,
    call: {
      method: 'sharing.smb.create',
      params: [{ name, path, comment: commentOf(snapshot), ...how }],
      purpose: `share it read-only as ${name} over SMB`,
    },
    target: await newTarget(
      nas,
      { ...thing, written: [] },
      { path, [isOld ? 'ro' : 'readonly']: true },
      { changedBy: 1, argument: 'dataset' },
    ),
    undo: removal('sharing.smb.delete', title),
    impact: [
      'Every SMB user gets at the files as far as their permissions allow.',
      ...(await serviceLines(nas, 'cifs', 'SMB')),
    ],
  };
}

async function nfsExport(
  nas: ReadClient,
  dataset: string,
  snapshot: string,
  wanted: readonly string[],
): Promise<PlannedShare> {
  if (wanted.length === 0) {
    throw new InputProblem(
      'hosts',
      'is missing: without it every host could mount the files',
      '["192.0.2.7"], or a network such as ["192.0.2.0/24"]',
    );
  }
  const path = `/mnt/${dataset}`;
  const title = `NFS export ${path}`;
  const thing = rowThing(title, 'sharing.nfs.query', ['path', '=', path], { dataset });
  const networks = wanted.filter((each) => each.includes('/'));
  const hosts = wanted.filter((each) => !each.includes('/'));
  return {
    title,
    call: {
      method: 'sharing.nfs.create',
      params: [{ path, comment: commentOf(snapshot), ro: true, networks, hosts }],
      purpose: `export it read-only to ${wanted.join(', ')} over NFS`,
    },
    target: await newTarget(
      nas,
      { ...thing, written: [] },
      { ro: true, networks, hosts },
      { changedBy: 1, argument: 'dataset' },
    ),
    undo: removal('sharing.nfs.delete', title),
    impact: [
      `${wanted.map((each) => safeCell(each, 60)).join(', ')} may mount it; whoever is root there counts as nobody here.`,
      ...(await serviceLines(nas, 'nfs', 'NFS')),
    ],
  };
}

/** Tells an administrator who finds it later what it is. */
function commentOf(snapshot: string): string {
  return `Files of ${snapshot}, shown for a while`;
}

function removal(method: string, title: string): UndoCall {
  return { method, params: [resultOf(1, 'id')], purpose: `remove the ${title}`, undoes: 1 };
}

async function serviceLines(nas: ReadClient, service: string, title: string): Promise<string[]> {
  const part = await readPart(nas, async (limited) => {
    const parameters = query({ filters: [['service', '=', service]], select: ['state'] });
    return rowsOf(await limited.call('service.query', parameters), { state: field.text })[0]?.state;
  });
  const gap = gapText(part);
  if (gap !== undefined) return [`Whether ${title} is running is not known: the services ${gap}.`];
  return valueOr(part, undefined) === 'RUNNING'
    ? []
    : [`${title} is not running: nobody gets at it until control_service starts it.`];
}
