/** The shares that change tools make, change and delete: which one is meant, and what all kinds have in common. */
import * as z from 'zod';
import { meantArguments } from '../../output/meant-arguments.ts';
import { didYouMean, nearNames } from '../../output/near-names.ts';
import { InputProblem } from '../../output/problem.ts';
import { safeCell } from '../../output/untrusted.ts';
import type { ReadClient } from '../../truenas/client.ts';
import { query } from '../../truenas/query.ts';
import { pathOf } from '../support/path-place.ts';
import { rawRowsOf } from '../support/rows.ts';
import { PURPOSES } from './smb-purposes.ts';

/** Kinds that can be changed. */
export const CHANGED_KINDS = ['smb', 'nfs', 'iscsi'] as const;
export type ChangedKind = (typeof CHANGED_KINDS)[number];

/** The method that lists the shares of a kind. */
export const QUERY_OF = {
  smb: 'sharing.smb.query',
  nfs: 'sharing.nfs.query',
  iscsi: 'iscsi.target.query',
} as const;
/** As people call them. */
export const TITLE_OF = { smb: 'SMB share', nfs: 'NFS export', iscsi: 'iSCSI target' } as const;

/** Settings that creating and updating have in common, those that people name most. */
export const settingInputs = {
  allow: z.array(z.string()).optional().describe('Hosts or networks, iSCSI initiators; "all" for everybody'),
  readonly: z.boolean().optional(),
  options: z
    .record(z.string(), z.unknown())
    .optional()
    .describe(
      'comment; SMB: access ["group:staff CHANGE","everyone READ"], deny, guests, purpose; NFS: maproot or mapall "user:group", security',
    ),
};

const name = z.string().min(1).max(200);
/** The rarer settings: a model that lists every tool does not read their schema. */
const optionInputs = z.strictObject({
  comment: z.string().max(500).optional(),
  access: z.array(name).max(50).optional(),
  deny: z.array(name).max(100).optional(),
  guests: z.boolean().optional(),
  purpose: z.enum(PURPOSES).optional(),
  maproot: name.optional(),
  mapall: name.optional(),
  security: z.array(z.enum(['SYS', 'KRB5', 'KRB5I', 'KRB5P'])).optional(),
});

/** All settings, whether they came in by name or among the options. */
export type ShareSettings = z.output<typeof optionInputs> & {
  readonly allow?: readonly string[] | undefined;
  readonly readonly?: boolean | undefined;
};

/**
 * Arguments with their options beside the rest.
 * @throws InputProblem for an option that does not exist, that has another form, or that the kind does not have
 */
export function withOptions<
  Args extends { readonly options?: Readonly<Record<string, unknown>> | undefined },
>(kind: ChangedKind, { options, ...args }: Args): Omit<Args, 'options'> & z.output<typeof optionInputs> {
  const read = optionInputs.safeParse(meantArguments(optionInputs, options));
  if (!read.success) {
    const [issue] = read.error.issues;
    const place = issue?.path.join('.') ?? '';
    throw new InputProblem(
      `options${place === '' ? '' : `.${place}`}`,
      issue?.message ?? 'cannot be read',
      `they are ${Object.keys(optionInputs.shape).join(', ')}`,
    );
  }
  checkSettings(kind, { ...args, ...read.data });
  return { ...args, ...read.data };
}

/** @throws InputProblem for a setting that the kind does not have */
function checkSettings(kind: ChangedKind, settings: Readonly<Record<string, unknown>>): void {
  const foreign = Object.keys(settings).find(
    (name) => settings[name] !== undefined && KINDS_OF[name]?.includes(kind) === false,
  );
  if (foreign === undefined) return;
  const kinds = KINDS_OF[foreign]?.map((each) => TITLE_OF[each]).join(' or ') ?? '';
  throw new InputProblem(foreign, `is a setting of ${kinds}, not of an ${TITLE_OF[kind]}`);
}

const KINDS_OF: Readonly<Record<string, readonly ChangedKind[]>> = {
  deny: ['smb'],
  access: ['smb'],
  guests: ['smb'],
  purpose: ['smb'],
  maproot: ['nfs'],
  mapall: ['nfs'],
  security: ['nfs'],
  size: ['iscsi'],
  name: ['smb', 'iscsi'],
  path: ['smb', 'nfs', 'iscsi'],
};

/** A list of who may connect: `all` and an empty one mean everybody. */
export function everybodyAsEmpty(entries: readonly string[]): string[] {
  return entries.some((entry) => EVERYBODY.has(entry.trim().toLowerCase()))
    ? []
    : [...new Set(entries.map((entry) => entry.trim()))];
}

const EVERYBODY = new Set(['all', 'any', 'everybody', 'everyone', '*']);

/** A share that is there. */
export interface FoundShare {
  readonly kind: ChangedKind;
  readonly id: number;
  /** `SMB share media`. */
  readonly title: string;
  readonly row: Readonly<Record<string, unknown>>;
}

/** @throws InputProblem when none is meant, or more than one */
export async function findShare(
  nas: ReadClient,
  wanted: string,
  kind: ChangedKind | undefined,
): Promise<FoundShare> {
  const kinds = kind === undefined ? CHANGED_KINDS : [kind];
  const all = (await Promise.all(kinds.map((each) => sharesOf(nas, each)))).flat();
  const lower = wanted.trim().toLowerCase();
  const path = pathOf(wanted).toLowerCase();
  const named = all.filter(
    ({ row }) => text(row['name']).toLowerCase() === lower || text(row['path']).toLowerCase() === path,
  );
  const found = named.length > 0 ? named : all.filter(({ id }) => String(id) === wanted.trim());
  const [only, ...others] = found;
  if (only === undefined) {
    const names = all.map(({ row }) => safeCell(text(row['name']) || text(row['path'])));
    throw new InputProblem(
      'share',
      `names no share: ${JSON.stringify(safeCell(wanted))}`,
      didYouMean(nearNames(wanted, names)) ?? 'list_shares shows them all',
    );
  }
  if (others.length > 0) {
    const list = found.map(
      (each) => `{"share":"${each.id}","kind":"${each.kind}"} (${safeCell(each.title)})`,
    );
    throw new InputProblem(
      'share',
      `names ${found.length} shares`,
      `say which: ${list.slice(0, 6).join(', ')}`,
    );
  }
  return only;
}

async function sharesOf(nas: ReadClient, kind: ChangedKind): Promise<FoundShare[]> {
  const rows = rawRowsOf(await nas.call(QUERY_OF[kind], query({ orderBy: ['id'], limit: 10_000 })));
  return rows.flatMap((row) => {
    const { id } = row;
    if (typeof id !== 'number' || !Number.isSafeInteger(id)) return [];
    return [{ kind, id, title: titleOf(kind, text(row['name']) || text(row['path'])), row }];
  });
}

/** `SMB share media`. */
export function titleOf(kind: ChangedKind, name: string): string {
  return `${TITLE_OF[kind]} ${name}`;
}

/** The text; empty for what is none. */
export function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
