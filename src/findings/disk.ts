/** Single disks: what they say of themselves. What a pool says of them is in findings/pool.ts. */
import { type BadDisk, judgeBadDisk } from './pool.ts';
import type { Finding, FindingKind } from './finding.ts';

/** A disk, as far as its troubles go. */
export interface DiskFacts {
  /** Safe text. */
  readonly name: string;
  /** Its trouble in its pool, where it has one. */
  readonly inPool: BadDisk | undefined;
  /** Alerts of the NAS about its S.M.A.R.T. values, and a self-test that failed; safe text. */
  readonly smart: readonly string[];
  readonly celsius: number | undefined;
  readonly hotAtCelsius: number;
  /** What may take its place. */
  readonly replacement: string | undefined;
}

const SMART: FindingKind = {
  id: 'disk.smart',
  level: 'WARNING',
  what: 'the disk reports errors of its own',
  means:
    'Uncorrected errors and pending or reallocated sectors that grow mean that it is about to fail; CRC errors mean its cable.',
  certainty: 'likely',
  seeAlso: 'get_disk; have a backup, run a long self-test, and replace the disk when the count grows',
};
const HOT: FindingKind = {
  id: 'disk.hot',
  level: 'WARNING',
  what: 'disk too hot',
  means: 'Heat shortens its life, and NVMe drives slow down.',
  certainty: 'sure',
  seeAlso: 'check fans and airflow; get_disk shows the week',
};

/** Every kind of finding here. */
export const DISK_KINDS: readonly FindingKind[] = [SMART, HOT];

/** Findings about a disk. */
export function judgeDisk({ name, inPool, smart, celsius, hotAtCelsius, replacement }: DiskFacts): Finding[] {
  const next =
    replacement === undefined || inPool !== undefined
      ? {}
      : { next: `${SMART.seeAlso ?? ''}: ${replacement}` };
  return [
    ...(inPool === undefined ? [] : [judgeBadDisk(inPool)]),
    ...smart.map((evidence) => ({ kind: SMART, about: name, evidence, ...next })),
    ...(celsius !== undefined && celsius >= hotAtCelsius
      ? [{ kind: HOT, about: name, evidence: `${celsius} °C` }]
      : []),
  ];
}
