/** Rows of the older releases have the fields, types and nulls of those that the real methods gave. */
import { beforeAll, describe, expect, it } from 'vitest';
import { legacyMethods } from '../../src/legacy/method-table.ts';
import { describeContract, hasContract } from '../support/contract.ts';
import { type LegacyConnection, connectLegacy } from '../support/legacy.ts';
import { type ExecutedField, executedRows } from '../support/legacy-contract.ts';
import { type Json, withSimulator } from '../support/simulator.ts';

const RELEASES = ['24.10', 'core-13.3'] as const;

/** Fields that the executed row had no reason to show: they come with a certificate that can be read. */
const ALSO: Readonly<Record<string, readonly string[]>> = {
  'certificate.query': [
    'DN',
    'subject_name_hash',
    'chain',
    'renew_days',
    'crl_path',
    'revoked_certs',
    'signed_certificates',
  ],
  'certificateauthority.query': ['DN', 'subject_name_hash'],
  'iscsi.extent.query': ['disk'],
};

/** Null where the box of the recording had something, and the release may have nothing. */
const MAY_BE_NULL: ReadonlySet<string> = new Set([
  ...[
    'replication.query schedule',
    'replication.query restrict_schedule',
    'pool.query scan',
    'pool.query topology',
  ],
  ...['rsynctask.query job', 'cloudsync.query job', 'replication.query job'],
]);

describeContract('rows of the older releases', () => {
  describe.each(RELEASES)('%s', (release) => {
    const nas = withSimulator({ release });
    const executed = hasContract ? executedRows(release) : {};
    const methods = Object.keys(executed).filter((name) => hasContract && legacyMethods(release).has(name));
    let connection: LegacyConnection;

    beforeAll(async () => {
      connection = await connectLegacy(nas.simulator);
    });

    it('is shown for nearly all that was executed', () => {
      const absent = Object.keys(executed).filter((name) => !methods.includes(name));
      expect(absent).toEqual(
        release === '24.10'
          ? ['iscsi.host.query', 'jbof.query', 'reporting.exporters.query', 'vmware.query']
          : ['vmware.query', 'webui.image.query'],
      );
    });

    it.each(methods)('%s', async (name) => {
      const answer = await connection.call(name);
      const rows: Json[] = Array.isArray(answer) ? answer : [answer];
      expect(rows.length).toBeGreaterThan(0);
      const problems = rows.flatMap((row) => rowProblems(name, row, executed[name] ?? {}));
      expect([...new Set(problems)]).toEqual([]);
    });
  });
});

/** Shown with what they stand for, where the executed table had only their number. */
const RELATED: ReadonlySet<string> = new Set(['replication.query ssh_credentials']);

function rowProblems(method: string, row: Json, expected: Record<string, ExecutedField>): string[] {
  const also = ALSO[method] ?? [];
  const foreign = Object.keys(row).filter((field) => !(field in expected) && !also.includes(field));
  const fields = Object.entries(expected).flatMap(([field, { type, nullable }]) => {
    if (!(field in row)) return [`${field} is missing`];
    const value = row[field];
    if (value === null) {
      const isFine = nullable !== false || MAY_BE_NULL.has(`${method} ${field}`);
      return isFine ? [] : [`${field} is null`];
    }
    if (RELATED.has(`${method} ${field}`)) return isOfType(value?.id, type) ? [] : [`${field} has no id`];
    return isOfType(value, type) ? [] : [`${field} is no ${JSON.stringify(type)}: ${JSON.stringify(value)}`];
  });
  return [...foreign.map((field) => `${field} is not of this release`), ...fields];
}

function isOfType(value: Json, type: unknown): boolean {
  // Nothing was seen: anything may be.
  if (type === null || type === 'null') return true;
  if (typeof type === 'object') {
    if (value === null || typeof value !== 'object' || Array.isArray(value)) return false;
    return Object.entries(type).every(
      ([field, inner]) => field in value && (value[field] === null || isOfType(value[field], inner)),
    );
  }
  if (typeof type !== 'string') return false;
  switch (type.replace(/\[.*/, '')) {
    case 'array':
      return Array.isArray(value);
    case '$date':
      return typeof value?.$date === 'number';
    case 'integer':
      return Number.isInteger(value);
    case 'number':
      return typeof value === 'number';
    default:
      return typeof value === type;
  }
}
