/** What hangs on a dataset: shares, tasks, apps and machines, the shares above it, and the processes in it. */
import { formatCount } from '../../output/units.ts';
import { safeCell } from '../../output/untrusted.ts';
import type { ReadClient } from '../../truenas/client.ts';
import { query } from '../../truenas/query.ts';
import { gapText, type Part, readPart } from '../support/part.ts';
import { field, oddAnswer, rowsOf } from '../support/rows.ts';

/** Methods that {@link readUses} calls. */
export const USES_READS = [
  'pool.dataset.attachments',
  'pool.dataset.processes',
  'sharing.smb.query',
  'sharing.nfs.query',
] as const;

/** Things of one kind that are switched on and use the dataset, or one below it. */
export interface Attachment {
  /** As the NAS names it: `SMB Share`. */
  readonly type: string;
  readonly names: readonly string[];
}

/** A process that has something open in the dataset. */
export interface UsingProcess {
  readonly pid: number | null;
  readonly name: string | null;
  /** Of the NAS, by name; null for a program of its own. */
  readonly service: string | null;
}

/** What hangs on a dataset; each part is known or says why not. */
export interface Uses {
  readonly attachments: Part<readonly Attachment[]>;
  readonly processes: Part<readonly UsingProcess[]>;
  /** Names of shares of a dataset above, through which it is reached too. */
  readonly sharesAbove: Part<readonly string[]>;
}

/** Reads what hangs on a dataset. @param isLocked of a locked one the NAS tells no processes: unknown, not none */
export async function readUses(nas: ReadClient, dataset: string, isLocked = false): Promise<Uses> {
  const [attachments, processes, sharesAbove] = await Promise.all([
    readPart(nas, (limited) => readAttachments(limited, dataset)),
    isLocked
      ? { gap: { kind: 'unreadable' as const, why: 'the dataset is locked' } }
      : readPart(nas, (limited) => readProcesses(limited, dataset)),
    readPart(nas, (limited) => readSharesAbove(limited, dataset)),
  ]);
  return { attachments, processes, sharesAbove };
}

async function readAttachments(nas: ReadClient, dataset: string): Promise<Attachment[]> {
  const rows = rowsOf(await nas.call('pool.dataset.attachments', [dataset]), {
    type: field.text,
    attachments: field.texts,
  });
  return rows.map(({ type, attachments }) => {
    if (type === null || attachments === null) throw oddAnswer({}, 'what hangs on the dataset');
    return { type, names: attachments };
  });
}

async function readProcesses(nas: ReadClient, dataset: string): Promise<UsingProcess[]> {
  return rowsOf(await nas.call('pool.dataset.processes', [dataset]), {
    pid: field.number,
    name: field.text,
    service: field.text,
  });
}

/** Names of the shares of datasets above: their clients may reach it. Calls `sharing.smb.query` and `sharing.nfs.query`. */
export function readSharesAbove(nas: ReadClient, dataset: string): Promise<string[]> {
  const path = `/mnt/${dataset}/`;
  return sharesWhere(nas, (share) => path.startsWith(share) && share !== path);
}

/** Shares that name this dataset, or a place in it, whether it exists or not. */
export function sharesNaming(nas: ReadClient, dataset: string): Promise<string[]> {
  return sharesWhere(nas, (share) => share.startsWith(`/mnt/${dataset}/`));
}

/** Names of the SMB and NFS shares whose path, with a slash at its end, passes. */
async function sharesWhere(nas: ReadClient, passes: (path: string) => boolean): Promise<string[]> {
  const [smb, nfs] = await Promise.all([
    nas.call('sharing.smb.query', query({ select: ['name', 'path'] })),
    nas.call('sharing.nfs.query', query({ select: ['path'] })),
  ]);
  const isMeant = (path: string | null): boolean => path !== null && passes(`${path.replace(/\/+$/u, '')}/`);
  return [
    ...rowsOf(smb, { name: field.text, path: field.rawText })
      .filter((row) => isMeant(row.path))
      .map(({ name }) => `SMB share ${name ?? '-'}`),
    ...rowsOf(nfs, { path: field.rawText })
      .filter((row) => isMeant(row.path))
      .map((row) => `NFS share ${row.path ?? '-'}`),
  ];
}

/** What hangs on it, for the impact of a change: what is unknown is said so. */
export function usesLines({ attachments, processes, sharesAbove }: Uses): string[] {
  return [
    line(
      'uses it',
      attachments,
      (all) => all.map(attachmentText).join('; ') || 'no share, task, app or machine',
    ),
    line('processes in it', processes, (all) => (all.length === 0 ? 'none' : processesText(all))),
    ...('value' in sharesAbove && sharesAbove.value.length === 0
      ? []
      : [line('reached through shares above', sharesAbove, (all) => listed(all))]),
  ];
}

function line<Value>(title: string, part: Part<Value>, text: (value: Value) => string): string {
  return `${title}: ${'value' in part ? text(part.value) : `unknown, ${gapText(part) ?? ''}`}`;
}

function attachmentText({ type, names }: Attachment): string {
  return `${safeCell(type, 60)} ${listed(names)}`;
}

function processesText(all: readonly UsingProcess[]): string {
  return `${all.length} (${listed(all.map(({ name, pid }) => `${name ?? 'unknown'} ${pid ?? '-'}`))})`;
}

const MAX_NAMED = 8;

/** The first names, and how many more there are. */
export function listed(names: readonly string[]): string {
  const first = names.slice(0, MAX_NAMED).map((name) => safeCell(name, 120));
  const more = names.length - first.length;
  return `${first.join(', ')}${more > 0 ? ` and ${formatCount(more)} more` : ''}`;
}

/** The facts for the judgement; what is not known is left out. */
export function usesFacts({ attachments, processes, sharesAbove }: Uses): Record<string, number> {
  const count =
    'value' in attachments ? attachments.value.reduce((sum, each) => sum + each.names.length, 0) : undefined;
  const running = 'value' in processes ? processes.value.length : undefined;
  const isReached = !('value' in sharesAbove) || sharesAbove.value.length > 0;
  return {
    ...(count === undefined ? {} : { attachments: count }),
    // Where nothing is shared and no process has anything open, nobody is connected.
    ...(count === 0 && running === 0 && !isReached ? { clients: 0 } : {}),
    ...(running !== undefined && running > 0 ? { clients: running } : {}),
  };
}
