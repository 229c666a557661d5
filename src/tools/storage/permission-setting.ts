/** The call that sets permissions of a path, with what the NAS shows afterwards and what takes it back. */
import type { PlannedCall, State, Target, UndoCall } from '../../changes/change.ts';
import { isSame, stateOf } from '../../changes/state.ts';
import { InputProblem } from '../../output/problem.ts';
import type { ReadClient } from '../../truenas/client.ts';
import type { Place } from '../support/path-place.ts';
import { aclAfter, entryText, letsEverybodyIn, wantedEntries, type WantedEntry } from './acl-entries.ts';
import { templateOf } from './acl-template.ts';
import type { Present } from './present-permissions.ts';

/** What is asked for. */
export interface AskedPermissions {
  readonly mode?: string | undefined;
  readonly template?: string | undefined;
  readonly entries?: readonly string[] | undefined;
  readonly keep?: boolean | undefined;
  readonly recursive?: boolean | undefined;
}

/** Owner and group by number. */
export interface Owners {
  readonly uid?: number;
  readonly gid?: number;
}

/** Neither below the path nor into other datasets. */
export const PLAIN = { recursive: false, traverse: false };

/** The call that sets what is asked, with what the NAS shows afterwards and what takes it back. */
export interface Setting {
  readonly call: PlannedCall;
  readonly targets: readonly Target[];
  readonly undo: UndoCall;
  readonly impact: readonly string[];
}

/** @param at place of the call in the change. @throws InputProblem for what cannot be set there */
export async function settingOf(
  nas: ReadClient,
  args: AskedPermissions,
  present: Present,
  owners: Owners,
  at: number,
): Promise<Setting> {
  const { place, row } = present;
  const options = { recursive: args.recursive === true, traverse: false };
  const old = { uid: row['uid'] ?? place.uid, gid: row['gid'] ?? place.gid };
  if (args.mode !== undefined) return modeSetting(args.mode, present, owners, old, options, at);
  if (args.template === undefined && args.entries === undefined) {
    const call: PlannedCall = {
      method: 'filesystem.chown',
      params: [{ path: place.path, ...owners, options }],
      purpose: `set the owner of ${place.path}`,
      before: row,
    };
    const undo = {
      ...call,
      params: [{ path: place.path, ...old, options: PLAIN }],
      purpose: `set the owner of ${place.path} back`,
      before: { ...row, ...owners },
      undoes: at,
    };
    return { call, undo, targets: [aclTarget(place, { ...old }, { ...owners }, at)], impact: [] };
  }
  if (present.kind === 'DISABLED')
    throw new InputProblem(
      'path',
      `lies in ${place.dataset}, which keeps no access lists`,
      'Set a mode instead.',
    );
  const list =
    args.entries === undefined
      ? await templateOf(nas, args.template ?? '', present.kind)
      : await wantedEntries(
          nas,
          args.entries,
          { kind: present.kind, full: present.full, short: present.short },
          {
            keepsOthers: args.keep === true,
            isDirectory: place.isDirectory,
          },
        );
  const call: PlannedCall = {
    method: 'filesystem.setacl',
    params: [
      {
        path: place.path,
        dacl: list.map(({ sent }) => sent),
        ...owners,
        options: { ...options, validate_effective_acl: true },
      },
    ],
    purpose: `set the access list of ${place.path}`,
    before: row,
  };
  const before = { acl: present.short, trivial: present.isTrivial, ...old };
  return {
    call,
    undo: {
      ...restoring(present, old),
      before: { ...row, ...owners, acl: list.map(({ sent }) => sent) },
      undoes: at,
    },
    targets: [aclTarget(place, before, { ...aclAfter(list), ...owners }, at)],
    impact: listImpact(list, present),
  };
}

function modeSetting(
  mode: string,
  present: Present,
  owners: Owners,
  old: State,
  options: Readonly<Record<string, boolean>>,
  at: number,
): Setting {
  const { place, row, isTrivial } = present;
  if (options['recursive'] === true && !isTrivial)
    throw new InputProblem(
      'mode',
      'with recursive would take the access lists off a whole tree, which nothing can undo',
      'Name entries or a template for the tree, or leave recursive out.',
    );
  const bits = Number.parseInt(mode, 8);
  const last = (place.mode ?? 0) & 0o7777;
  const stat = { path: place.path, mode: place.mode, acl: !isTrivial, ...old };
  const call: PlannedCall = {
    method: 'filesystem.setperm',
    params: [{ path: place.path, mode, ...owners, options: { ...options, stripacl: !isTrivial } }],
    purpose: `set the mode of ${place.path} to ${mode}`,
    before: stat,
  };
  const after = { ...(isTrivial ? {} : { trivial: true }), ...owners };
  const before = { ...(isTrivial ? {} : { acl: present.short, trivial: false }), ...old };
  return {
    call,
    undo: { ...restoring(present, old), before: { ...row, ...stat, mode: bits, acl: false }, undoes: at },
    targets: [
      {
        name: `mode of ${place.path}`,
        dataset: place.dataset,
        read: { method: 'filesystem.stat', params: [place.path] },
        identity: ['realpath'],
        changedBy: at,
        before: { realpath: place.path, mode: place.mode },
        after: { mode: ((place.mode ?? 0) & ~0o7777) | bits },
      },
      aclTarget(place, before, after, at),
    ],
    impact: [
      ...(isTrivial ? [] : [`the access list of ${present.full.length} entries is taken off`]),
      ...modeImpact(bits, last),
      ...(options['recursive'] === true
        ? ['access lists that files below have of their own may be taken off']
        : []),
    ],
  };
}

function modeImpact(bits: number, last: number): string[] {
  return [
    ...((bits & 0o004 & ~last) === 0 ? [] : ['EVERY user of the NAS may read it from now on']),
    ...((bits & 0o002 & ~last) === 0 ? [] : ['EVERY user of the NAS may write to it from now on']),
    ...((bits & 0o4000 & ~last) === 0 ? [] : ['programs run as their owner, whoever starts them (setuid)']),
    ...((bits & 0o2000 & ~last) === 0 ? [] : ['new files belong to the group of the folder (setgid)']),
  ];
}

function listImpact(list: readonly WantedEntry[], { full, isTrivial, kind }: Present): string[] {
  const sent = list.map((entry) => entry.sent);
  const isOpen = sent.some(letsEverybodyIn) && !full.some(letsEverybodyIn);
  const was = isTrivial ? 'a plain mode' : `a list of ${full.length} entries`;
  const added = sent.filter((entry) => !full.some((each) => isSame(each, entry)));
  const gone = full.filter((entry) => !sent.some((each) => isSame(each, entry)));
  return [
    `${was} becomes a list of ${list.length} entries (${kind === 'NFS4' ? 'NFSv4' : 'POSIX'})`,
    ...(added.length === 0 ? [] : [`new: ${added.map(entryText).join('; ')}`]),
    ...(gone.length === 0 ? [] : [`no longer: ${gone.map(entryText).join('; ')}`]),
    ...(isOpen ? ['EVERY user of the NAS gets at it from now on'] : []),
  ];
}

/** The call that puts owner and list back as they are; where the mode says it all, the mode. */
function restoring({ place, row, isTrivial, full }: Present, old: State): UndoCall {
  const { path, mode } = place;
  if (isTrivial)
    return {
      method: 'filesystem.setperm',
      params: [
        {
          path,
          mode: ((mode ?? 0) & 0o7777).toString(8).padStart(3, '0'),
          ...old,
          options: { ...PLAIN, stripacl: true },
        },
      ],
      purpose: `set owner and mode of ${path} back`,
    };
  const { aclflags, acltype } = row;
  return {
    method: 'filesystem.setacl',
    params: [
      {
        path,
        dacl: full,
        ...old,
        acltype,
        ...(aclflags === undefined || aclflags === null ? {} : { nfs41_flags: aclflags }),
        // Whoever could get there before can again, also where the way there has changed.
        options: { ...PLAIN, validate_effective_acl: false },
      },
    ],
    purpose: `set owner and access list of ${path} back`,
  };
}

/** Fields that stay as they are are not promised anew, so that the diff shows what changes. */
function aclTarget(place: Place, before: State, after: State, at: number): Target {
  const whole = stateOf(before, new Set([...Object.keys(before), ...Object.keys(after)]));
  const changed = Object.entries(after).filter(([path, value]) => !isSame(value, whole[path]));
  return {
    name: `permissions of ${place.path}`,
    dataset: place.dataset,
    read: { method: 'filesystem.getacl', params: [place.path, true] },
    identity: [],
    changedBy: at,
    before: whole,
    after: changed.length === 0 ? 'present' : Object.fromEntries(changed),
  };
}
