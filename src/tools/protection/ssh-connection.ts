/** An SSH connection of the NAS, by name or number. Its host and keys stand in one object, which is never selected. */
import type { Target } from '../../changes/change.ts';
import { nearNames } from '../../output/near-names.ts';
import { InputProblem } from '../../output/problem.ts';
import { safeCell } from '../../output/untrusted.ts';
import type { ReadClient } from '../../truenas/client.ts';
import { query } from '../../truenas/query.ts';
import { field, rowsOf } from '../support/rows.ts';
import { leanedOn } from '../support/targets.ts';

/** A connection that a task may go by. */
export interface SshConnection {
  readonly id: number;
  readonly name: string;
  /** It must stay the one that was planned for. */
  readonly leans: readonly Target[];
}

const FIELDS = { id: field.number, name: field.rawText };

/**
 * The connection that is meant. Calls `keychaincredential.query`.
 * @throws InputProblem for none, naming those that there are
 */
export async function connectionNamed(nas: ReadClient, wanted: string | number): Promise<SshConnection> {
  const filters = [['type', '=', 'SSH_CREDENTIALS'] as const];
  const rows = rowsOf(
    await nas.call('keychaincredential.query', query({ filters, select: Object.keys(FIELDS), limit: 500 })),
    FIELDS,
  );
  const text = String(wanted).trim().toLowerCase();
  const found = rows.find(({ id, name }) => name?.toLowerCase() === text || String(id) === text);
  const { id = null, name = null } = found ?? {};
  if (id === null || name === null)
    throw noneCalled(
      String(wanted),
      rows.flatMap((row) => row.name ?? []),
    );
  const label = `SSH connection ${safeCell(name, 60)}`;
  const read = {
    method: 'keychaincredential.query',
    params: query({ filters: [['id', '=', id]], select: ['id', 'name', 'type'] }),
  };
  const absent = () => noneCalled(name, []);
  return {
    id,
    name,
    leans: [await leanedOn(nas, { name: label, read, identity: ['id', 'name'] }, { name: label, absent })],
  };
}

function noneCalled(wanted: string, names: readonly string[]): InputProblem {
  const near = nearNames(wanted, names);
  const known = (near.length > 0 ? near : names.slice(0, 8)).map((name) => safeCell(name, 60)).join(', ');
  return new InputProblem(
    'connection',
    `names no SSH connection: ${safeCell(wanted, 60)}`,
    known === ''
      ? 'There is none: a person makes it (Credentials > Backup Credentials > SSH Connections), as it needs keys.'
      : `there is ${known}`,
  );
}
