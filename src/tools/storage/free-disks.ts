/** Disks that are free, and notes about those that only look so: wiping one of them destroys a pool. */
import { safeCell } from '../../output/untrusted.ts';
import type { ReadClient } from '../../truenas/client.ts';
import { type Filter, query } from '../../truenas/query.ts';
import type { Facts } from '../define-list.ts';
import { gapText, valueOr } from '../support/part.ts';
import { field, rowsOf } from '../support/rows.ts';
import { claimedDisks, claimedPool, type DiskClaims, layoutGap, SAME_SERIAL } from './disk-claims.ts';

/** The name of a row of disks, if it has one. */
export function nameOf({ name }: Facts): string[] {
  return typeof name === 'string' ? [name] : [];
}

/** Disks that are in an imported pool whatever `disk.query` says, or are seen a second time under the name of one that is. */
export function notFree(claims: DiskClaims): string[] {
  const members = new Set(claimedDisks(claims));
  const twins = [...(valueOr(claims.labels, undefined)?.twins ?? [])].flatMap(([name, others]) =>
    others.some((other) => members.has(other)) ? [name] : [],
  );
  return [...members, ...twins];
}

/** Disks for which `disk.query` names no pool though they are in one: why they are not among the unused. */
export async function misreadNotes(
  nas: ReadClient,
  claims: DiskClaims,
  filters: readonly Filter[],
  names: readonly string[],
): Promise<string[]> {
  const gap = layoutGap(claims);
  const unknown = gap === undefined ? [] : [`${gap}: a member may be among these`];
  if (names.length === 0) return unknown;
  const parameters = query({
    filters: [...filters, ['name', 'in', names]],
    select: ['name'],
    orderBy: ['name'],
    limit: MAX_NAMED + 1,
    extra: { pools: true },
  });
  const rows = rowsOf(await nas.call('disk.query', parameters), { name: field.text });
  const more = rows.length > MAX_NAMED ? ', and more' : '';
  const texts = rows
    .slice(0, MAX_NAMED)
    .flatMap(({ name }) => (name === null ? [] : `${safeCell(name, 20)} ${whyNot(claims, name)}`));
  return texts.length === 0 ? unknown : [...unknown, `NOT FREE, and left out: ${texts.join(', ')}${more}`];
}

/** Disks named in a note. */
const MAX_NAMED = 20;

function whyNot(claims: DiskClaims, name: string): string {
  const claim = claimedPool(claims, name);
  const twins = valueOr(claims.labels, undefined)?.twins.get(name) ?? [];
  const reasons = [
    ...(claim === undefined ? [] : [`pool ${safeCell(claim.pool, 60)} by ${claim.source}`]),
    ...twins.slice(0, 2).map((twin) => `has the serial of ${withPool(claims, twin)}`),
  ];
  return `(${reasons.join('; ')}${twins.length === 0 ? '' : `: ${SAME_SERIAL}`})`;
}

function withPool(claims: DiskClaims, name: string): string {
  const claim = claimedPool(claims, name);
  return `${safeCell(name, 20)}${claim === undefined ? '' : ` in pool ${safeCell(claim.pool, 60)}`}`;
}

/** A disk of an exported pool looks unused, and wiping it destroys that pool. */
export function exportedNotes({ labels }: DiskClaims, disks: readonly Facts[]): string[] {
  if ('gap' in labels) return [`whether they hold an exported pool ${gapText(labels)}`];
  const held = new Map<string, string[]>();
  for (const name of disks.flatMap(nameOf)) {
    const pool = labels.value.exported.get(name);
    if (pool !== undefined) held.set(pool, [...(held.get(pool) ?? []), safeCell(name, 20)]);
  }
  const texts = [...held].map(([pool, names]) => `${names.join(' ')} (${safeCell(pool, 60)})`);
  const unread = disks.flatMap(nameOf).filter((name) => labels.value.unread.has(name));
  return [
    ...(texts.length === 0 ? [] : [`NOT FREE, they hold an exported pool: ${texts.join(', ')}`]),
    ...(unread.length === 0
      ? []
      : [
          `whether ${unread
            .slice(0, MAX_NAMED)
            .map((name) => safeCell(name, 20))
            .join(' ')} hold an exported pool could not be read`,
        ]),
  ];
}

/** Two free disks of one serial may be one disk: a pool of both would lose its data with it. */
export function twinNotes({ labels }: DiskClaims, disks: readonly Facts[]): string[] {
  const twins = valueOr(labels, undefined)?.twins;
  const groups = disks.flatMap(nameOf).flatMap((name) => {
    const others = twins?.get(name) ?? [];
    return others.length === 0 ? [] : [[name, ...others].toSorted().slice(0, MAX_NAMED).join(' = ')];
  });
  return [...new Set(groups)]
    .slice(0, MAX_NAMED)
    .map((group) => `${safeCell(group, 100)} by serial: ${SAME_SERIAL}`);
}
