/** Accounts and directory services of CORE. */
import type { WireValue } from '../../client.ts';
import { type Ask, fetchRows, type RowSource } from '../queries/index.ts';
import { isRow } from '../queries/paths.ts';

/** `user.query`: who may sign in over SSH by password is a setting of the service there. */
export const users: RowSource = async (ask, wanted) => {
  const needs = wanted.keys?.includes('ssh_password_enabled') ?? false;
  const keys = needs && wanted.keys !== undefined ? [...wanted.keys, 'uid'] : wanted.keys;
  const [rows, ssh] = await Promise.all([
    fetchRows(ask, { method: 'user.query', extra: ['search_dscache'] }, wanted, keys),
    needs ? ask('ssh.config', []) : null,
  ]);
  if (!needs) return rows;
  const everybody = flagOf(ssh, 'passwordauth');
  const root = everybody === false ? false : flagOf(ssh, 'rootlogin');
  return rows.map((row) => ({ ...row, ssh_password_enabled: row['uid'] === 0 ? root : everybody }));
};

function flagOf(value: WireValue, name: string): boolean | null {
  const flag = isRow(value) ? value[name] : undefined;
  return typeof flag === 'boolean' ? flag : null;
}

/** `directoryservices.status`: of the one that is on. */
export async function directoryStatus(_params: readonly WireValue[], ask: Ask): Promise<WireValue> {
  const states = await ask('directoryservices.get_state', []);
  // Without a word for each service nobody knows that none is on.
  if (!isRow(states) || Object.keys(states).length === 0) return null;
  const [on] = Object.entries(states).filter(([, state]) => state !== 'DISABLED');
  return on === undefined
    ? { type: null, status: null, status_msg: null }
    : { type: on[0].toUpperCase(), status: on[1], status_msg: null };
}
