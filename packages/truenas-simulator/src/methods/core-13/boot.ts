/** `boot.*`, `bootenv.*` and `update.*` on FreeBSD. */
import type { MethodContext, SimMethod } from '../../calls/method.ts';
import { model, text } from '../../schema/schema.ts';
import { formatSize } from '../../world/units.ts';
import type { ApiRow } from '../common.ts';
import { baseRows, coreQuery } from '../legacy/base.ts';
import { zfsPool } from './zfs.ts';

export const BOOT_METHODS: readonly SimMethod[] = [
  {
    name: 'boot.get_state',
    description: 'The pool that the machine boots from.',
    run: ({ world }: MethodContext) => zfsPool(world, world.pools.boot),
  },
  {
    name: 'boot.get_disks',
    description: 'Disks of the boot pool.',
    run: ({ world }: MethodContext) =>
      world.pools.boot.vdevs.flatMap(({ members }) => members.map(({ disk }) => disk.name)),
  },
  { name: 'boot.get_scrub_interval', description: 'Days between scrubs of the boot pool.', run: () => 7 },
  coreQuery({ namespace: 'bootenv', rows: bootEnvironments }),
  {
    name: 'update.check_available',
    description: 'Whether there is a newer version.',
    params: [
      ['update-check-available', model('update-check-available', { train: text().optional() }).prefault({})],
    ],
    // No version comes any more.
    run: () => ({
      status: 'UNAVAILABLE',
      changes: [],
      notice: null,
      notes: null,
      changelog: '',
      version: '',
    }),
  },
  {
    name: 'update.get_trains',
    description: 'Lines of versions.',
    run: ({ world }: MethodContext) => ({
      trains: { [world.system.train]: { description: 'Stable releases of CORE', sequence: '' } },
      current: world.system.train,
      selected: world.system.train,
    }),
  },
  {
    name: 'update.get_pending',
    description: 'What is downloaded and waits.',
    params: [['path', text().nullable().default(null)]],
    run: () => [],
  },
  {
    name: 'update.get_auto_download',
    description: 'True when updates are fetched by themselves.',
    run: () => false,
  },
];

/** Installed versions; letters say which runs now and which boots next. */
export function bootEnvironments(context: MethodContext): ApiRow[] {
  return baseRows(context, 'boot.environment.query').map((row) => {
    const active = `${row['active'] === true ? 'N' : ''}${row['activated'] === true ? 'R' : ''}`;
    const bytes = Number(row['used_bytes'] ?? 0);
    return {
      ...{ id: row['id'], realname: row['id'], name: row['id'], active },
      ...{ activated: row['activated'], can_activate: true },
      ...{ mountpoint: row['active'] === true ? '/' : '-', space: formatSize(bytes) },
      ...{ created: row['created'], keep: row['keep'], rawspace: bytes },
    };
  });
}
