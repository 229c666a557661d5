/** What both TrueNAS CORE 13 and SCALE 24.10 have in another form than later releases. */
import type { WireValue } from '../../client.ts';
import { type Ask, fetchRows, type RowSource } from '../queries/index.ts';
import { isRow } from '../queries/paths.ts';

/** Answers that are no lists of rows. */
export const BOTH_FORMS: Readonly<
  Record<string, (params: readonly WireValue[], ask: Ask) => Promise<WireValue>>
> = {};

/** `boot.environment.query`: other fields, and space as a text. */
export const bootEnvironments: RowSource = async (ask, wanted) => {
  const rows = await fetchRows(ask, { method: 'bootenv.query' }, wanted, undefined);
  return rows.map((row) => ({
    ...row,
    id: row['name'] ?? row['id'] ?? null,
    dataset: row['realname'] ?? null,
    active: typeof row['active'] === 'string' ? row['active'].includes('N') : (row['active'] ?? null),
    used_bytes: typeof row['rawspace'] === 'number' ? row['rawspace'] : null,
    used: row['space'] ?? null,
  }));
};

/** `cloudsync.credentials.query`: the kind of provider stands beside its settings. */
export const cloudCredentials: RowSource = async (ask, wanted) => {
  const keys = wanted.keys?.includes('provider') === true ? [...wanted.keys, 'attributes'] : wanted.keys;
  const rows = await fetchRows(ask, { method: 'cloudsync.credentials.query' }, wanted, keys);
  return rows.map((row) => {
    const { provider, attributes } = row;
    if (typeof provider !== 'string') return row;
    return { ...row, provider: { ...(isRow(attributes) ? attributes : {}), type: provider } };
  });
};

/** `vm.device.query`: the kind stands beside the settings. */
export const vmDevices: RowSource = async (ask, wanted) => {
  const keys = wanted.keys?.includes('attributes') === true ? [...wanted.keys, 'dtype'] : wanted.keys;
  const rows = await fetchRows(ask, { method: 'vm.device.query' }, wanted, keys);
  return rows.map((row) => {
    const { dtype, attributes } = row;
    return typeof dtype === 'string' && isRow(attributes)
      ? { ...row, attributes: { ...attributes, dtype } }
      : row;
  });
};
