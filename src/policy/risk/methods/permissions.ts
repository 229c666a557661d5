/** Owners, modes and access lists of files. */
import type { JudgedCall } from '../call.ts';
import { closesData, destroys, exposes, type Finding, loses, mayExecute, opensData } from '../finding.ts';
import { found, isRecord, isSame, type Looked, type MethodRule, odd, type Rule } from '../rule.ts';
import { choice, custom, each, fields, flag, identity, list, setting } from '../rules.ts';
import { isPlainPath, isSystemPath } from './paths.ts';
import { after, textAt } from './support.ts';

const path = custom('executes', isPlainPath, (looked) =>
  isSystemPath(String(looked.value))
    ? found(looked, destroys('the path holds what the NAS keeps for itself'))
    : [],
);

/** A user or group that becomes owner; `null` and -1 leave it as it is. */
const owner: Rule = {
  worst: 'destroys',
  judge(looked) {
    const { value, before } = looked;
    if (value === null || value === -1 || isSame(value, before)) return [];
    if (typeof value !== 'string' && !Number.isSafeInteger(value)) return odd(looked, 'destroys');
    return [
      ...found(looked, opensData('another user or group gets at the data')),
      ...found(looked, closesData('the owner before may lose access')),
    ];
  },
};
const owners = each('uid user gid group', owner);

const tree = flag({ on: destroys('all files below change, and nothing restores each of them as it was') });
const others = flag({ on: destroys('the datasets mounted below change too') });
const strip = flag({ on: destroys('the access list is taken off') });
const depth = { recursive: tree, traverse: others };

const SETUID = 0o4000;
const SETGID = 0o2000;

/** A mode as `chmod` writes it: octal digits. */
const mode: Rule = custom(
  'executes',
  (value) => value === null || (typeof value === 'string' && /^[0-7]{3,4}$/.test(value)),
  (looked) =>
    typeof looked.value === 'string' ? modeFindings(looked, Number.parseInt(looked.value, 8)) : [],
);

function modeFindings(looked: Looked, bits: number): readonly Finding[] {
  const { before } = looked;
  const last = typeof before === 'number' ? before & 0o7777 : undefined;
  const findings: Finding[] = [];
  if ((bits & SETUID) !== 0 && ((last ?? 0) & SETUID) === 0)
    findings.push(mayExecute('programs with the setuid bit run as their owner, whoever starts them'));
  if ((bits & SETGID) !== 0 && ((last ?? 0) & SETGID) === 0)
    findings.push(
      exposes('programs with the setgid bit run as their group; new files belong to the group of the folder'),
    );
  // A state that was not read may have been stricter, and wider as well.
  if ((bits & 0o077 & ~(last ?? 0)) !== 0)
    findings.push(opensData(`mode ${bits.toString(8)} lets more users in`));
  if (((last ?? 0o777) & 0o777 & ~bits) !== 0)
    findings.push(closesData(`mode ${bits.toString(8)} shuts users out`));
  return findings.flatMap((finding) => found(looked, finding));
}

const permissions = fields({
  ...each(
    `READ_DATA WRITE_DATA APPEND_DATA READ_NAMED_ATTRS WRITE_NAMED_ATTRS EXECUTE DELETE DELETE_CHILD READ_ATTRIBUTES
    WRITE_ATTRIBUTES READ_ACL WRITE_ACL WRITE_OWNER SYNCHRONIZE BASIC READ WRITE`,
    setting,
  ),
});
const entry = fields({
  ...each('tag type id who default', setting),
  perms: permissions,
  flags: fields(
    each('FILE_INHERIT DIRECTORY_INHERIT NO_PROPAGATE_INHERIT INHERIT_ONLY INHERITED BASIC', setting),
  ),
});
const accessList: Rule = { ...list(entry), worst: 'destroys' };

const attributes = fields({
  ...each('hidden system archive offline sparse', setting),
  ...each(
    'readonly immutable nounlink appendonly',
    flag({
      off: loses('files are no longer protected from change'),
      on: closesData('files can no longer be changed'),
    }),
  ),
});

const template = fields({
  name: identity,
  acltype: setting,
  acl: list(entry),
  comment: setting,
});

const ofPath = (call: JudgedCall): unknown => textAt(call.params[0], 'path');

export const PERMISSIONS: Readonly<Record<string, MethodRule>> = {
  'filesystem.setperm': {
    risk: 'configuration',
    why: 'owner or mode of a path change',
    data: ofPath,
    params: [fields({ path, ...owners, mode, options: fields({ ...depth, stripacl: strip }) })],
    also: (call) =>
      isRecord(call.before) && call.before['acl'] === false
        ? []
        : [closesData('an access list on the path is taken off by newer releases')],
  },
  'filesystem.chown': {
    risk: 'configuration',
    why: 'the owner of a path changes',
    data: ofPath,
    params: [fields({ path, ...owners, options: fields(depth) })],
  },
  'filesystem.setacl': {
    risk: 'configuration',
    why: 'the access list of a path changes',
    data: ofPath,
    params: [
      fields({
        path,
        ...owners,
        dacl: accessList,
        options: fields({
          ...depth,
          stripacl: strip,
          canonicalize: setting,
          validate_effective_acl: setting,
        }),
        nfs41_flags: fields(each('autoinherit protected defaulted', setting)),
        acltype: choice({
          NFS4: loses('the access list becomes one of another type'),
          POSIX1E: loses('the access list becomes one of another type'),
        }),
      }),
    ],
    also: aclFindings,
  },
  'filesystem.mkdir': {
    risk: 'configuration',
    why: 'a folder is made',
    makes: true,
    data: ofPath,
    params: [
      fields({
        path,
        options: fields({ mode: custom('executes', isOrdinaryMode, () => []), raise_chmod_error: setting }),
      }),
    ],
  },
  'filesystem.set_zfs_attributes': {
    risk: 'configuration',
    why: 'attributes of files change',
    data: ofPath,
    params: [
      fields({
        path,
        zfs_file_attributes: attributes,
        options: fields({ recursive: list(setting, destroys('all files below change')) }),
      }),
    ],
  },
  'filesystem.acltemplate.create': {
    risk: 'configuration',
    why: 'a template for access lists is made',
    makes: true,
    params: [template],
  },
  'filesystem.acltemplate.update': {
    risk: 'configuration',
    why: 'a template for access lists changes',
    params: [identity, template],
  },
  'filesystem.acltemplate.delete': {
    risk: 'configuration',
    level: 'destroy',
    why: 'a template for access lists is removed',
    params: [identity],
  },
};

/** A new folder holds nothing; only bits that make programs run as others matter. */
function isOrdinaryMode(value: unknown): boolean {
  return value === null || (typeof value === 'string' && /^0?[01]?[0-7]{3}$/.test(value));
}

/** Compares the access list with the one before (`filesystem.getacl` with `simplified` false). */
function aclFindings(call: JudgedCall): readonly Finding[] {
  const opened = opensData('more users get at the data');
  const closed = closesData('users may no longer get at the data');
  const next = after(call, 0, 'dacl');
  const row = isRecord(call.before) ? call.before : {};
  const last = row['acl'] ?? row['dacl'];
  if (!Array.isArray(next) || next.length === 0 || !Array.isArray(last)) return [opened, closed];
  const added = next.filter((one) => !last.some((other) => isSame(one, other)));
  const removed = last.filter((one) => !next.some((other) => isSame(one, other)));
  // An entry of POSIX lists has no type: it allows, and MASK limits.
  // NFSv4 lists are read from the top: another order may let in, or shut out, the same users.
  if (added.length === 0 && removed.length === 0 && !isSame(next, last)) return [opened, closed];
  const isOpened = added.some((one) => textAt(one, 'type') !== 'DENY') || removed.some(mayDeny);
  const isClosed = removed.some((one) => textAt(one, 'type') !== 'DENY') || added.some(mayDeny);
  return [...(isOpened ? [opened] : []), ...(isClosed ? [closed] : [])];
}

function mayDeny(entry: unknown): boolean {
  return textAt(entry, 'type') !== 'ALLOW';
}
