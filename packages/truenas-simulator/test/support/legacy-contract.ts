/** The contracts of the older releases, and their executed rows. */
import { gunzipSync } from 'node:zlib';
import { readFileSync } from 'node:fs';
import type { LegacyRelease } from '../../src/releases.ts';
import { type Contract, contractFolder, readContractFile } from './contract.ts';

const FILES: Readonly<Record<LegacyRelease, string>> = {
  '24.10': 'v24.10.json.gz',
  'core-13.3': 'core13.json.gz',
  'core-13.0': 'core13.json.gz',
};

/** The contract of an older release. */
export function legacyContract(release: LegacyRelease): Contract {
  const packed = readFileSync(new URL(`legacy/${FILES[release]}`, contractFolder));
  return JSON.parse(gunzipSync(packed).toString()) as Contract;
}

/** A field of an executed row. */
export interface ExecutedField {
  /** A JSON type, `$date`, `array[type]`, the fields of an object, or null where nothing was seen. */
  readonly type: unknown;
  /** From the column; absent for what is computed. */
  readonly nullable?: boolean;
}

/** Executed rows by method. */
export function executedRows(release: '24.10' | 'core-13.3'): Record<string, Record<string, ExecutedField>> {
  const { rows } = JSON.parse(readContractFile('legacy/rows.json'));
  return rows[release === '24.10' ? '24.10.2.4' : 'CORE-13.3-U1.2'];
}
