/** Settings of NFS exports in the form of the NAS. */
import { InputProblem } from '../../output/problem.ts';
import { safeCell } from '../../output/untrusted.ts';
import { everybodyAsEmpty, type ShareSettings } from './changed-share.ts';
import { defined } from './smb-form.ts';

/** What may be set. */
export interface NfsSettings
  extends Pick<ShareSettings, 'comment' | 'readonly' | 'allow' | 'maproot' | 'mapall' | 'security'> {
  readonly path?: string | undefined;
  readonly enabled?: boolean | undefined;
}

/** The fields that are sent, which are those that the row shows afterwards. */
export function nfsBody(settings: NfsSettings): Record<string, unknown> {
  const { path, comment, enabled, readonly, allow, maproot, mapall, security } = settings;
  return {
    ...defined({ path, comment, enabled, ro: readonly, security }),
    ...(allow === undefined ? {} : clientsOf(allow)),
    ...mapping('maproot', maproot),
    ...mapping('mapall', mapall),
  };
}

/** Networks have a mask; whatever else is a host. */
function clientsOf(allow: readonly string[]): Record<string, unknown> {
  const entries = everybodyAsEmpty(allow);
  const odd = entries.find((entry) => /\s/u.test(entry));
  if (odd !== undefined) throw new InputProblem('allow', `has an entry with a space: ${safeCell(odd)}`);
  return {
    networks: entries.filter((entry) => entry.includes('/')),
    hosts: entries.filter((entry) => !entry.includes('/')),
  };
}

/** `root:wheel`, `root`, or `none` to take it away. */
function mapping(name: 'maproot' | 'mapall', value: string | undefined): Record<string, unknown> {
  if (value === undefined) return {};
  const [user = '', group = '', ...more] = value.trim().split(':');
  if (more.length > 0 || (user === '' && group !== ''))
    throw new InputProblem(name, 'must be "user" or "user:group", or "none"');
  if (/^none$/iu.test(user) || user === '') return { [`${name}_user`]: null, [`${name}_group`]: null };
  return { [`${name}_user`]: user, [`${name}_group`]: group === '' ? null : group };
}

/** What an export is made of, to make it anew. */
export function nfsBodyOf(row: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const { id: _id, locked: _locked, dataset: _dataset, relative_path: _relative, ...rest } = row;
  return rest;
}
