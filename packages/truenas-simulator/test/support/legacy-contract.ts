/** The contracts of the older releases, and their executed rows. */
import { gunzipSync } from 'node:zlib';
import { readFileSync } from 'node:fs';
import type { LegacyRelease } from '../../src/releases.ts';
import { type ValidateFunction, Ajv2020 } from 'ajv/dist/2020.js';
import { type Contract, contractFolder, plain, readContractFile } from './contract.ts';

const FILES: Readonly<Record<LegacyRelease, string>> = {
  '24.10': 'v24.10.json.gz',
  'core-13.3': 'core13.json.gz',
  'core-13.0': 'core13.json.gz',
};

const contracts = new Map<string, Contract>();

/** The contract of an older release. */
export function legacyContract(release: LegacyRelease): Contract {
  const known = contracts.get(release);
  if (known !== undefined) return known;
  const packed = readFileSync(new URL(`legacy/${FILES[release]}`, contractFolder));
  const contract = JSON.parse(gunzipSync(packed).toString()) as Contract;
  contracts.set(release, contract);
  return contract;
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

const ajv = new Ajv2020({ strict: false, allErrors: true, validateFormats: false });
const validators = new Map<string, ValidateFunction>();

/** Problems of an answer of 24.10; empty when its contract accepts it, or does not describe it. CORE describes no answers. */
export function legacyReturnsProblems(method: string, result: unknown): string[] {
  const { returns } = legacyContract('24.10').methods[method] ?? {};
  if (returns === undefined || returns === null) return [];
  let validate = validators.get(method);
  if (validate === undefined) {
    validate = ajv.compile(returns);
    validators.set(method, validate);
  }
  if (validate(plain(result))) return [];
  return (validate.errors ?? []).map(
    ({ instancePath, message, params }) => `${instancePath} ${message ?? ''} ${JSON.stringify(params)}`,
  );
}
