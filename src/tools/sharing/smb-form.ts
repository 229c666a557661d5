/** Settings of SMB shares in the form of the NAS: flat up to 25.04, by purpose with `options` from 25.10 on. */
import { InputProblem } from '../../output/problem.ts';
import { stateOf } from '../../changes/state.ts';
import { isObject } from '../support/rows.ts';
import { everybodyAsEmpty, text } from './changed-share.ts';
import type { Purpose } from './smb-purposes.ts';

/** By release: until 25.04, and from 25.10 on. */
const NAMES: Readonly<Record<Purpose, readonly [flat: string, named: string]>> = {
  default: ['DEFAULT_SHARE', 'DEFAULT_SHARE'],
  legacy: ['NO_PRESET', 'LEGACY_SHARE'],
  timemachine: ['TIMEMACHINE', 'TIMEMACHINE_SHARE'],
  multiprotocol: ['MULTI_PROTOCOL_NFS', 'MULTIPROTOCOL_SHARE'],
  time_locked: ['WORM_DROPBOX', 'TIME_LOCKED_SHARE'],
  private_datasets: ['PRIVATE_DATASETS', 'PRIVATE_DATASETS_SHARE'],
};

/** What may be set. */
export interface SmbSettings {
  readonly name?: string | undefined;
  readonly path?: string | undefined;
  readonly comment?: string | undefined;
  readonly enabled?: boolean | undefined;
  readonly readonly?: boolean | undefined;
  readonly allow?: readonly string[] | undefined;
  readonly deny?: readonly string[] | undefined;
  readonly guests?: boolean | undefined;
  readonly purpose?: Purpose | undefined;
}

/** A body for the NAS, the fields that its row shows afterwards by path, and the row before as the judgement compares it. */
export interface SmbForm {
  readonly body: Readonly<Record<string, unknown>>;
  readonly after: Readonly<Record<string, unknown>>;
  readonly before: Readonly<Record<string, unknown>> | undefined;
}

type Row = Readonly<Record<string, unknown>>;

/** @param row of the share that is changed; absent for a new one */
export function smbForm(settings: SmbSettings, isFlat: boolean, row?: Row): SmbForm {
  return isFlat ? flatForm(settings, row) : namedForm(settings, row);
}

/** A preset of 25.04 sets these itself, whatever is sent: only a share without one can have others. */
const PRESET_SETS = ['ro', 'hostsallow', 'hostsdeny', 'guestok'] as const;

function flatForm(settings: SmbSettings, row?: Row): SmbForm {
  const { purpose, name, path, comment, enabled, readonly: ro, allow, deny, guests } = settings;
  const own = defined({
    ...{ name, path, comment, enabled, ro, guestok: guests },
    hostsallow: allow === undefined ? undefined : everybodyAsEmpty(allow),
    hostsdeny: deny,
  });
  const isOwn = PRESET_SETS.some((field) => own[field] !== undefined);
  if (isOwn && purpose !== undefined && purpose !== 'legacy')
    throw new InputProblem(
      'purpose',
      `${purpose} sets who may connect and write itself on this release`,
      'purpose: "legacy" leaves that to you.',
    );
  const chosen = purpose ?? (isOwn ? 'legacy' : undefined);
  const preset = chosen === undefined ? (row === undefined ? 'DEFAULT_SHARE' : undefined) : NAMES[chosen][0];
  // Whatever is sent besides, 25.04 asks for name and path.
  const needed = row === undefined ? {} : { name: row['name'], path: row['path'] };
  const after = {
    ...own,
    ...(preset === undefined || preset === row?.['purpose'] ? {} : { purpose: preset }),
  };
  return { body: { ...needed, ...after }, after, before: row };
}

function namedForm(settings: SmbSettings, row?: Row): SmbForm {
  const { name, path, comment, enabled, readonly, allow, deny, guests } = settings;
  const purpose = purposeOf(settings, row);
  const changed = defined({
    hostsallow: allow === undefined ? undefined : everybodyAsEmpty(allow),
    hostsdeny: deny,
    guestok: guests,
  });
  const last = isObject(row?.['options']) ? row['options'] : {};
  const isSamePurpose = purpose === row?.['purpose'];
  const options = { ...(isSamePurpose ? last : {}), ...changed, purpose };
  const sendsOptions = Object.keys(changed).length > 0 || (row !== undefined && !isSamePurpose);
  const own = defined({ name, path, comment, enabled, readonly });
  return {
    body: {
      ...own,
      // Either is refused, or falls back to its defaults, without the other.
      ...(sendsOptions ? { purpose, options } : {}),
      ...(row === undefined ? { purpose } : {}),
    },
    after: {
      ...own,
      ...(isSamePurpose ? {} : { purpose }),
      ...Object.fromEntries(Object.entries(changed).map(([key, value]) => [`options.${key}`, value])),
    },
    // A purpose without options of its own has no lists of hosts, which the NAS writes as null.
    before:
      row === undefined
        ? undefined
        : { ...row, options: { hostsallow: [], hostsdeny: [], ...last, purpose: row['purpose'] } },
  };
}

function purposeOf({ purpose, guests }: SmbSettings, row?: Row): string {
  const now = text(row?.['purpose']);
  const wanted = purpose === undefined ? undefined : NAMES[purpose][1];
  if (guests !== true) return wanted ?? (now === '' ? 'DEFAULT_SHARE' : now);
  const isLegacy = (wanted ?? (now === '' ? 'LEGACY_SHARE' : now)) === 'LEGACY_SHARE';
  if (isLegacy) return 'LEGACY_SHARE';
  throw new InputProblem(
    'guests',
    'are let in by shares of the purpose legacy only',
    'Set purpose: "legacy".',
  );
}

/** What a share is made of, to make it anew: everything but what the NAS sets itself. */
export function smbBodyOf(row: Row): Readonly<Record<string, unknown>> {
  const { id: _id, locked: _locked, dataset: _dataset, relative_path: _relative, ...rest } = row;
  const { path_local: _local, vuid: _vuid, ...flat } = rest;
  if (!('options' in rest)) return flat;
  const { options, purpose } = rest;
  return { ...rest, options: isObject(options) ? { ...options, purpose } : null };
}

/** What has to be as it was once it is made anew; a `vuid` of null is chosen by the NAS. */
export function smbStateOf(row: Row): Readonly<Record<string, unknown>> {
  const { options } = row;
  const names = Object.keys(smbBodyOf(row)).filter((name) => name !== 'options');
  const inner = isObject(options) ? Object.keys(options).filter((name) => name !== 'vuid') : [];
  return stateOf(row, [...names, ...inner.map((name) => `options.${name}`)]);
}

/** Without the fields that are not given. */
export function defined(values: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}
