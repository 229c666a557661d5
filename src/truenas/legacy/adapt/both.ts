/** What both TrueNAS CORE 13 and SCALE 24.10 have in another form than later releases. */
import type { WireValue } from '../../client.ts';
import { type Ask, fetchRows, type RowSource } from '../queries/index.ts';
import { isRow } from '../queries/paths.ts';

/** Fields that the form of later releases is made of. */
const BEHIND_BOOT_ENVIRONMENTS = ['id', 'name', 'realname', 'active', 'rawspace', 'space'];

/** `boot.environment.query`: other fields, and space as a text. */
export const bootEnvironments: RowSource = async (ask, wanted) => {
  const keys = wanted.keys === undefined ? undefined : [...wanted.keys, ...BEHIND_BOOT_ENVIRONMENTS];
  const rows = await fetchRows(ask, { method: 'bootenv.query' }, wanted, keys);
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
    const device = withKind(row);
    return isRow(device) ? device : row;
  });
};

/** `vm.query`: the kind of each device stands beside its settings. */
export const machines: RowSource = async (ask, wanted) => {
  const rows = await fetchRows(ask, { method: 'vm.query' }, wanted);
  return rows.map((row) => {
    const { devices } = row;
    return Array.isArray(devices) ? { ...row, devices: devices.map((device) => withKind(device)) } : row;
  });
};

/** A device with its kind among its settings; CORE calls a display by its protocol. */
function withKind(device: WireValue): WireValue {
  if (!isRow(device)) return device;
  const { dtype, attributes } = device;
  if (typeof dtype !== 'string' || !isRow(attributes)) return device;
  return { ...device, attributes: { ...attributes, dtype: dtype === 'VNC' ? 'DISPLAY' : dtype } };
}

/** Values of S_IFMT, the same on FreeBSD and Linux. */
const TYPES = new Map([
  [0o040000, 'DIRECTORY'],
  [0o100000, 'FILE'],
  [0o120000, 'SYMLINK'],
]);

/** The type of what a path names, by the bits of its mode; undefined for what is none of the three. */
export function typeByMode(mode: WireValue | undefined): string | undefined {
  if (typeof mode !== 'number') return undefined;
  return TYPES.get(mode & 0o170000);
}

/** `filesystem.getacl` with the names of owner and group, which only `filesystem.stat` tells. */
export async function aclWithOwners(
  path: WireValue,
  params: readonly WireValue[],
  ask: Ask,
): Promise<WireValue> {
  const [acl, stat] = await Promise.all([
    ask('filesystem.getacl', params),
    ask('filesystem.stat', [path]).catch(() => null),
  ]);
  if (!isRow(acl)) return acl;
  const { user = null, group = null } = isRow(stat) ? stat : {};
  return { user, group, ...acl };
}
