/** The machine itself before a move: version, edition, disks and their controllers. */
import { isAtLeast, type Release } from '../../../truenas/releases.ts';
import { field } from '../../support/rows.ts';
import { rowsFrom } from '../upgrade-part.ts';
import { LEAVES_CORE, type MigrationCheck, migrationCheck, named, words } from './check.ts';

/** Volumes and disks that FreeBSD's drivers of RAID controllers, or its software RAID, serve. */
const RAID_DISK = /^(?:mfid|mfisyspd|aacd|amrd|idad|ipsd|mlxd|mlyd|pst|twed|raid\/r)\d/u;
/** The versions of CORE that the documentation wants before a move, by its line: 13.0-U6.7. */
const LAST_CORE: Readonly<Record<string, readonly [update: number, hotfix: number]>> = {
  '13.0': [6, 7],
  '13.3': [1, 2],
};
const FIRST_KNOWN_CORE = '13.0';

const version = migrationCheck(
  { part: 'hardware', title: 'edition', uses: ['system.product_type'], ...LEAVES_CORE },
  async (nas, when, { from }) => {
    when('old_core', named(from.version), [isOldCore(from)]);
    const type = field.text(await nas.call('system.product_type', []));
    when('enterprise', 'the NAS', [type === null ? null : type === 'ENTERPRISE']);
  },
);

/** True for a version before the last of its line; null for a line that is not known. */
export function isOldCore(from: Release): boolean | null {
  if (!isAtLeast(from, FIRST_KNOWN_CORE)) return true;
  const [, line = '', update = '0', hotfix = '0'] =
    /(\d\d\.\d)(?:-U(\d+)(?:\.(\d+))?)?/u.exec(from.version) ?? [];
  const last = LAST_CORE[line];
  if (last === undefined) return null;
  return Number(update) < last[0] || (Number(update) === last[0] && Number(hotfix) < last[1]);
}

const multipath = migrationCheck(
  { part: 'hardware', title: 'multipath', uses: ['multipath.query'], ...LEAVES_CORE },
  async (nas, when) => {
    const shape = { name: field.text, children: field.objects({ name: field.text }) };
    for (const { name, children } of await rowsFrom(nas, 'multipath.query', shape)) {
      const paths = (children ?? []).map((child) => child.name).join(' and ');
      when('multipath', named(name), [true], words(paths));
    }
  },
);

const raid = migrationCheck(
  { part: 'hardware', title: 'disk controllers', uses: ['disk.query'], ...LEAVES_CORE },
  async (nas, when) => {
    const shape = { name: field.text, model: field.text };
    for (const { name, model } of await rowsFrom(nas, 'disk.query', shape)) {
      when('raid_volume', named(name), [name === null ? null : RAID_DISK.test(name)], words(model));
    }
  },
);

const LIMIT = field.unknown;
const OWN_SMART = {
  name: field.text,
  smartoptions: field.text,
  critical: LIMIT,
  difference: LIMIT,
  informational: LIMIT,
};

const smart = migrationCheck(
  { part: 'hardware', title: 'S.M.A.R.T. settings of disks', uses: ['disk.query'], into: '25.10' },
  async (nas, when) => {
    for (const { name, smartoptions, ...limits } of await rowsFrom(nas, 'disk.query', OWN_SMART)) {
      const set = Object.entries(limits).filter(([, value]) => value !== null && value !== undefined);
      const isUntold = Object.values(limits).includes(undefined);
      const isOwn = set.length > 0 || (smartoptions !== null && smartoptions.trim() !== '');
      const isKnown = isOwn || (smartoptions !== null && !isUntold);
      const which = [
        ...(smartoptions === null || smartoptions === '' ? [] : ['options']),
        ...set.map(([key]) => key),
      ];
      when('disk_smart', named(name), [isKnown ? isOwn : null], words(...which));
    }
  },
);

export const HARDWARE_CHECKS: readonly MigrationCheck[] = [version, multipath, raid, smart];
