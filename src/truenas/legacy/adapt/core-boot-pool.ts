/** `boot.get_state` of CORE: the raw row of ZFS, with groups of vdevs instead of a topology. */
import type { WireValue } from '../../client.ts';
import { isRow, type Row } from '../queries/paths.ts';

/** In the form of `pool.query`. */
export function bootPoolForm(answer: WireValue): WireValue {
  if (!isRow(answer) || 'topology' in answer) return answer;
  const { groups, properties, ...rest } = answer;
  const topology = isRow(groups)
    ? Object.fromEntries(Object.entries(groups).map(([name, vdevs]) => [name, vdevsOf(vdevs)]))
    : null;
  return {
    ...rest,
    topology,
    size: numberIn(properties, 'size'),
    allocated: numberIn(properties, 'allocated'),
    free: numberIn(properties, 'free'),
    fragmentation: textIn(properties, 'fragmentation'),
    warning: typeof rest['healthy'] === 'boolean' ? false : null,
    path: '/',
  };
}

function vdevsOf(vdevs: WireValue): WireValue {
  return Array.isArray(vdevs) ? vdevs.map((vdev) => (isRow(vdev) ? vdevOf(vdev) : vdev)) : vdevs;
}

function vdevOf(vdev: Row): Row {
  const { type, path, name, children } = vdev;
  const isLeaf = !Array.isArray(children) || children.length === 0;
  const device = isLeaf ? (deviceOf(path) ?? deviceOf(name)) : undefined;
  return {
    ...vdev,
    type: typeof type === 'string' ? type.toUpperCase() : (type ?? null),
    ...(children === undefined ? {} : { children: vdevsOf(children) }),
    ...(device === undefined ? {} : { device, disk: device.replace(/p\d+$/u, '') }),
  };
}

/** `ada0p2` of `/dev/ada0p2`; undefined for a path that only names a GUID. */
function deviceOf(path: WireValue | undefined): string | undefined {
  const name = typeof path === 'string' ? path.replace(/^\/dev\//u, '').replace(/\.eli$/u, '') : '';
  return /^[a-z]+\d+(?:p\d+)?$/u.test(name) ? name : undefined;
}

function propertyOf(properties: WireValue | undefined, name: string): WireValue | undefined {
  const property = isRow(properties) ? properties[name] : undefined;
  return isRow(property) ? (property['parsed'] ?? property['rawvalue'] ?? property['value']) : property;
}

function numberIn(properties: WireValue | undefined, name: string): number | null {
  const value = propertyOf(properties, name);
  const number = typeof value === 'string' && /^\d+$/u.test(value) ? Number(value) : value;
  return typeof number === 'number' ? number : null;
}

function textIn(properties: WireValue | undefined, name: string): string | null {
  const value = propertyOf(properties, name);
  return typeof value === 'number' || typeof value === 'string' ? String(value).replace(/%$/u, '') : null;
}
