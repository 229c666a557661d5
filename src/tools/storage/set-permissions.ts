/** `set_permissions`: owner, mode and access list of a folder, for itself or for all that lies in it. */
import * as z from 'zod';
import type { Change, PlannedCall } from '../../changes/change.ts';
import { InputProblem } from '../../output/problem.ts';
import { safeCell } from '../../output/untrusted.ts';
import type { ReadClient } from '../../truenas/client.ts';
import { defineChange, type ToolContext } from '../define.ts';
import { datasetMadeEarlier, sharesTouching } from '../sharing/share-place.ts';
import { accountId } from '../support/account-ids.ts';
import { datasetName } from '../support/inputs.ts';
import { gapText, readPart } from '../support/part.ts';
import { PLACE_USES, type Place } from '../support/path-place.ts';
import { field, objectOf } from '../support/rows.ts';
import { newTarget, snapshotThing } from '../support/targets.ts';
import { aclAfter } from './acl-entries.ts';
import { templateOf } from './acl-template.ts';
import { type Owners, PLAIN, settingOf } from './permission-setting.ts';
import { presentOf } from './present-permissions.ts';

const input = z.strictObject({
  path: z.string().describe('/mnt/tank/media or tank/media'),
  owner: z.string().optional(),
  group: z.string().optional(),
  mode: z.string().optional().describe('"770"; takes an access list off'),
  template: z.string().optional().describe('Of an access list: NFS4_RESTRICTED, POSIX_OPEN …'),
  entries: z.array(z.string()).optional().describe('"group:staff MODIFY", "everyone@ READ DENY"'),
  keep: z.boolean().optional().describe('Other users and groups stay on the list'),
  recursive: z.boolean().optional(),
});
type Input = z.output<typeof input>;

export const setPermissions = defineChange({
  name: 'set_permissions',
  toolset: 'storage',
  access: 'manage',
  title: 'Set permissions',
  words: 'chmod chown acl owner ownership access rights mode folder directory who may write read',
  description: 'Sets owner, group, and mode or access list of a folder; recursive takes a snapshot first.',
  input,
  uses: [
    ...PLACE_USES,
    'filesystem.getacl',
    'filesystem.acltemplate.query',
    'pool.snapshot.query',
    'sharing.smb.query',
    'sharing.nfs.query',
    'user.query',
    'group.query',
  ],
  writes: ['filesystem.setacl', 'filesystem.setperm', 'filesystem.chown', 'pool.snapshot.create'],
  examples: [
    {
      args: { path: '/mnt/tank/documents', entries: ['user:alice MODIFY'], keep: true },
      why: 'one more user',
    },
    { args: { path: 'tank/media', owner: 'alice', group: 'family', mode: '770' }, why: 'owner and mode' },
    { args: { path: 'tank/projects', owner: 'alice' }, why: 'the owner only' },
    { args: { path: 'tank/media', mode: '750', recursive: true }, why: 'of everything below' },
  ],
  async plan(nas, args, context) {
    const { mode, template, entries, keep, owner, group } = args;
    const ways = [mode, template, entries].filter((each) => each !== undefined);
    if (ways.length > 1)
      throw new InputProblem('mode', 'and template and entries exclude each other: name one');
    if (ways.length === 0 && owner === undefined && group === undefined)
      throw new InputProblem('path', 'alone changes nothing: name owner, group, mode, template or entries');
    if (keep !== undefined && entries === undefined)
      throw new InputProblem('keep', 'only says something with entries');
    if (mode !== undefined && !/^[0-7]{3,4}$/u.test(mode))
      throw new InputProblem('mode', 'must be octal digits', '"770" or "2770"');
    const made = datasetMadeEarlier(datasetName(args.path), context.known);
    return made === undefined ? changePlan(nas, args, context) : madePlan(nas, args, made);
  },
});

/** Owner and group by number; a field that is not given stays. */
async function ownersOf(nas: ReadClient, { owner, group }: Input): Promise<Owners> {
  const [user, team] = await Promise.all([
    owner === undefined ? undefined : accountId(nas, 'owner', 'user', owner),
    group === undefined ? undefined : accountId(nas, 'group', 'group', group),
  ]);
  return { ...(user === undefined ? {} : { uid: user.id }), ...(team === undefined ? {} : { gid: team.id }) };
}

async function changePlan(nas: ReadClient, args: Input, { now }: ToolContext): Promise<Change> {
  const present = await presentOf(nas, args.path);
  const { place } = present;
  const owners = await ownersOf(nas, args);
  const isRecursive = args.recursive === true;
  const at = isRecursive ? 1 : 0;
  const setting = await settingOf(nas, args, present, owners, at);
  const snapshot = `${place.dataset}@before-permissions-${new Date(now()).toISOString().slice(0, 19).replace(/[-:]/gu, '').replace('T', '-')}`;
  const shares = await sharesTouching(nas, place.path);
  const first: PlannedCall = {
    method: 'pool.snapshot.create',
    params: [{ dataset: place.dataset, name: snapshot.slice(snapshot.indexOf('@') + 1), recursive: false }],
    purpose: `take the snapshot ${snapshot}`,
  };
  const kept = isRecursive
    ? [await newTarget(nas, snapshotThing(snapshot), 'present', { argument: 'path' })]
    : [];
  return {
    summary: summaryOf(args, place.path),
    calls: isRecursive ? [first, setting.call] : [setting.call],
    targets: [...kept, ...setting.targets],
    impact: [
      ...(place.path === `/mnt/${datasetName(args.path)}`
        ? []
        : [`${safeCell(args.path)} leads to ${safeCell(place.path)}`]),
      ...setting.impact,
      ...(isRecursive ? await recursionImpact(nas, place, snapshot) : []),
      ...shares,
    ],
    undo: isRecursive
      ? {
          impossible: `files below had permissions of their own, which nobody noted; the snapshot ${snapshot} keeps them: restore_files shows it, rollback_dataset goes back to it`,
        }
      : { calls: [setting.undo], lost: lostFlags(present.row) },
  };
}

/** Flags of an NFSv4 list as a whole: releases from 26.0 on do not set them. */
function lostFlags({ aclflags }: Readonly<Record<string, unknown>>): string[] {
  const set = Object.entries(Object(aclflags)).flatMap(([name, value]) => (value === true ? [name] : []));
  return set.length === 0 ? [] : [`flags of the list, where the release ignores them: ${set.join(', ')}`];
}

async function recursionImpact(
  nas: ReadClient,
  { path, dataset }: Place,
  snapshot: string,
): Promise<string[]> {
  const part = await readPart(nas, async (limited) =>
    objectOf(await limited.call('filesystem.statfs', [path]), {
      files: field.number,
      free_files: field.number,
    }),
  );
  const stats = 'value' in part ? part.value : undefined;
  const isKnown = stats !== undefined && stats.files !== null && stats.free_files !== null;
  const count = isKnown
    ? `at most ${(stats.files ?? 0) - (stats.free_files ?? 0)} files and folders, all that ${dataset} has`
    : `the number of files is UNKNOWN${'gap' in part ? `, ${gapText(part)}` : ''}`;
  return [
    `everything below changes: ${count}; datasets mounted below do not`,
    `the snapshot ${snapshot} keeps the space of what changes or is deleted, until it is deleted`,
  ];
}

/** Of a dataset that an earlier step makes: it is empty, and goes as a whole when all is undone. */
async function madePlan(nas: ReadClient, args: Input, dataset: string): Promise<Change> {
  const path = `/mnt/${datasetName(args.path)}`;
  if (args.entries !== undefined)
    throw new InputProblem(
      'entries',
      'need a list that is there',
      'Name a template, or a mode, for a dataset that is made in the same plan.',
    );
  if (path !== `/mnt/${dataset}`)
    throw new InputProblem('path', `is no dataset that an earlier step makes: ${safeCell(path)}`);
  const owners = await ownersOf(nas, args);
  const list = args.template === undefined ? undefined : await templateOf(nas, args.template, undefined);
  const call: PlannedCall =
    list !== undefined
      ? {
          method: 'filesystem.setacl',
          params: [
            {
              path,
              dacl: list.map(({ sent }) => sent),
              ...owners,
              options: { ...PLAIN, validate_effective_acl: true },
            },
          ],
          purpose: `set the access list of ${path}`,
        }
      : args.mode !== undefined
        ? {
            method: 'filesystem.setperm',
            params: [{ path, mode: args.mode, ...owners, options: { ...PLAIN, stripacl: false } }],
            purpose: `set the mode of ${path} to ${args.mode}`,
          }
        : {
            method: 'filesystem.chown',
            params: [{ path, ...owners, options: PLAIN }],
            purpose: `set the owner of ${path}`,
          };
  return {
    summary: summaryOf(args, path),
    calls: [call],
    targets: [
      {
        name: `permissions of ${path}`,
        dataset,
        read: { method: 'filesystem.getacl', params: [path, true] },
        identity: ['path'],
        // An earlier step makes it: it is not compared before.
        changedBy: LONG_AGO,
        before: 'absent',
        after: { ...owners, ...(list === undefined ? {} : aclAfter(list)) },
        written: [],
      },
    ],
    impact: [],
    undo: { calls: [] },
  };
}

const LONG_AGO = -1_000_000;

function summaryOf({ owner, group, mode, template, entries, recursive }: Input, path: string): string {
  const parts = [
    owner === undefined ? [] : [`owner ${owner}`],
    group === undefined ? [] : [`group ${group}`],
    mode === undefined ? [] : [`mode ${mode}`],
    template === undefined ? [] : [`template ${template}`],
    entries === undefined ? [] : [entries.join(', ')],
  ];
  return `Set permissions of ${path}${recursive === true ? ' and everything below' : ''}: ${parts.flat().join('; ')}`;
}
