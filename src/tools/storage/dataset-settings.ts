/** Settings of datasets and volumes: how each is sent, how the NAS shows it afterwards, and what people call it. */
import * as z from 'zod';
import { InputProblem } from '../../output/problem.ts';
import { formatBytes } from '../../output/units.ts';
import { safeCell } from '../../output/untrusted.ts';
import type { ReadClient } from '../../truenas/client.ts';
import { isAtLeast } from '../../truenas/releases.ts';
import { bytesOf, sizeInput } from '../support/size-input.ts';

const ON_OFF = z.enum(['on', 'off', 'inherit']).optional();

/** Settings that making and changing share. */
export const SETTING_INPUTS = {
  quota: sizeInput.optional().describe('"500G"; 0 for none'),
  refquota: sizeInput.optional(),
  reservation: sizeInput.optional(),
  refreservation: sizeInput.optional(),
  compression: z.string().max(20).optional().describe('lz4, zstd, off, inherit …'),
  recordsize: z.string().max(10).optional().describe('128K, 1M, inherit'),
  atime: ON_OFF,
  sync: z.enum(['standard', 'always', 'disabled', 'inherit']).optional(),
  deduplication: z.enum(['on', 'off', 'verify', 'inherit']).optional(),
  readonly: ON_OFF,
  snapdir: z.enum(['visible', 'hidden', 'disabled', 'inherit']).optional(),
  copies: z.number().int().min(1).max(3).optional(),
  comments: z.string().max(1_000).optional(),
};

/** One setting. */
export interface Setting {
  readonly name: string;
  readonly sent: string | number;
  /** For a person: `quota=40 TiB`. */
  readonly text: string;
  /** Values in the row afterwards; none where the NAS chooses them. */
  readonly after: Readonly<Record<string, unknown>>;
}

const SIZES: ReadonlySet<string> = new Set(['quota', 'refquota', 'reservation', 'refreservation', 'volsize']);
/** Settings that volumes do not have. */
const OF_FILESYSTEMS = new Set(['quota', 'refquota', 'recordsize', 'atime', 'snapdir']);
/** The NAS takes no smaller quota. */
const MIN_QUOTA = 1024 ** 3;

const COMPRESSION =
  /^(?:ON|OFF|INHERIT|LZ4|LZJB|ZLE|GZIP(?:-[19])?|ZSTD(?:-(?:1?\d))?|ZSTD-FAST(?:-(?:[1-9]0?|100|500|1000))?)$/u;

/** True for a setting whose value is a size in bytes. */
export function isSize(name: string): boolean {
  return SIZES.has(name);
}

/**
 * The settings that are given, in order.
 * @throws InputProblem for a size that is none, or one that the kind of dataset does not have
 */
export async function settingsOf(
  nas: ReadClient,
  given: Readonly<Record<string, unknown>>,
  isVolume: boolean,
): Promise<Setting[]> {
  const comments = await commentsPath(nas);
  return Object.entries(given).flatMap(([name, value]) => {
    if (value === undefined) return [];
    if (isVolume && OF_FILESYSTEMS.has(name)) throw new InputProblem(name, 'is nothing that a volume has');
    if (!isVolume && name === 'volsize')
      throw new InputProblem(name, 'is of volumes only', 'quota limits a dataset');
    return [settingOf(name, value, comments)];
  });
}

/** Path of the comments in a row: from 25.10 on they are among the user properties. */
export async function commentsPath(nas: ReadClient): Promise<string> {
  return isAtLeast(await nas.release(), '25.10') ? 'user_properties.comments' : 'comments';
}

function settingOf(name: string, value: unknown, comments: string): Setting {
  if (SIZES.has(name)) return sizeSetting(name, bytesOf(name, value));
  if (name === 'comments') {
    const text = String(value);
    if (text === 'INHERIT')
      throw new InputProblem(
        name,
        'is the word by which the NAS takes comments off',
        'comments: "" leaves none.',
      );
    return {
      name,
      sent: text,
      text: `comments="${safeCell(text, 60)}"`,
      after: { [`${comments}.value`]: text },
    };
  }
  if (typeof value === 'number')
    return {
      name,
      sent: value,
      text: `${name}=${value}`,
      after: { [`${name}.rawvalue`]: String(value), ...local(name) },
    };
  const sent = name === 'recordsize' ? recordSize(String(value)) : String(value).trim().toUpperCase();
  if (name === 'compression' && !COMPRESSION.test(sent))
    throw new InputProblem(
      name,
      `is none that ZFS has: ${safeCell(sent, 20)}`,
      'lz4, zstd, zstd-9, gzip, off or inherit',
    );
  const text = `${name}=${sent.toLowerCase()}`;
  if (sent === 'INHERIT') return { name, sent, text, after: {} };
  return {
    name,
    sent,
    text: name === 'recordsize' ? `${name}=${sent}` : text,
    after: { [`${name}.value`]: sent, ...local(name) },
  };
}

function sizeSetting(name: string, bytes: number): Setting {
  if ((name === 'quota' || name === 'refquota') && bytes > 0 && bytes < MIN_QUOTA)
    throw new InputProblem(name, `is ${formatBytes(bytes)}, and the NAS takes no quota below 1 GiB`);
  const shown = bytes === 0 ? 'none' : formatBytes(bytes);
  // The NAS shows no quota as null.
  return {
    name,
    sent: bytes,
    text: `${name}=${shown}`,
    after: { [`${name}.parsed`]: bytes === 0 ? null : bytes },
  };
}

function local(name: string): Record<string, unknown> {
  return { [`${name}.source`]: 'LOCAL' };
}

/** `1M` for `1024k`, as the NAS shows it. @throws InputProblem for what is no power of two from 512 bytes to 16 MiB */
function recordSize(text: string): string {
  if (text.trim().toUpperCase() === 'INHERIT') return 'INHERIT';
  const bytes = bytesOf('recordsize', text);
  if (bytes < 512 || bytes > 16 * 1024 ** 2 || !Number.isInteger(Math.log2(bytes)))
    throw new InputProblem('recordsize', `is no record size: ${safeCell(text, 20)}`, '128K or 1M');
  if (bytes < 1024) return String(bytes);
  return bytes < 1024 ** 2 ? `${bytes / 1024}K` : `${bytes / 1024 ** 2}M`;
}

/** What people should know of these settings before they agree. */
export function settingLines(settings: readonly Setting[]): string[] {
  const lines: Readonly<Record<string, string>> = {
    'sync=DISABLED':
      'sync=disabled: the NAS acknowledges writes before they are safe; when the power fails, the last seconds are lost, and databases and virtual machines on it may be damaged.',
    'deduplication=ON': DEDUP,
    'deduplication=VERIFY': DEDUP,
    'deduplication=OFF': 'What is deduplicated already stays so, with its memory, until it is written anew.',
    'readonly=ON': 'Nothing can be written to it any more: clients and programs that write get errors.',
    'readonly=OFF':
      'It can be written to again; a dataset that replication writes must stay read-only, else it diverges.',
    'snapdir=VISIBLE': 'Everybody who reaches the dataset sees .zfs, and in it what was deleted since.',
  };
  const later = settings.filter(({ name }) => LATER.has(name)).map(({ name }) => name);
  return [
    ...settings.flatMap(({ name, sent }) => lines[`${name}=${sent}`] ?? []),
    ...(later.length === 0
      ? []
      : [`${later.join(', ')}: holds for what is written from now on; data that is there stays as it is.`]),
  ];
}

const DEDUP =
  'Deduplication costs memory (about 5 GiB for each TiB of unique data) for as long as the data exists, and slows writing; turning it off later does not undo it.';
const LATER = new Set(['compression', 'recordsize', 'copies']);
