/** NFS exports, targets and buckets that any client may use. */
import type { Opening } from '../../../findings/exposure.ts';
import { safeCell } from '../../../output/untrusted.ts';
import { field, objectOf, rowsOf } from '../../support/rows.ts';
import { accessList } from '../access.ts';
import { NFS_ROW, nfsClients } from '../nfs.ts';
import { type ExposedPart, everything, page, someOf } from './exposed-part.ts';

/** NFS exports for any host, and those that such a host enters as root. */
export const nfs: ExposedPart = {
  title: 'NFS',
  uses: ['sharing.nfs.query'],
  service: 'nfs',
  async read(nas) {
    const rows = rowsOf(await nas.call('sharing.nfs.query', page(Object.keys(NFS_ROW))), NFS_ROW);
    return rows.flatMap((row): Opening[] => {
      const clients = nfsClients(row);
      const isAny = clients === undefined ? null : clients.length === 0;
      const about = `NFS ${safeCell(row.path ?? '?', 100)}`;
      const asRoot = someOf(
        [row.maproot_user, row.mapall_user].map((name) => (name === undefined ? null : name === 'root')),
      );
      const evidence =
        row.ro === true ? 'read-only' : row.ro === null ? 'read-only or not: UNKNOWN' : 'to write';
      const share = { share: row.path ?? '', kind: 'nfs' };
      const common = { about, evidence, service: 'nfs' };
      return [
        { ...common, id: 'nfs_any_host', conditions: [row.enabled, isAny] },
        {
          ...common,
          id: 'nfs_root',
          arguments:
            row.mapall_user === 'root'
              ? { ...share, options: { mapall: 'nobody:nogroup' } }
              : { ...share, options: { maproot: 'nobody:nogroup' } },
          conditions: [row.enabled, isAny, asRoot],
        },
      ];
    });
  },
};

const TARGET = {
  name: field.text,
  groups: field.objects({ initiator: field.unknown, authmethod: field.text }),
  auth_networks: accessList,
};

/** iSCSI targets for any initiator on any network, without CHAP. */
export const iscsi: ExposedPart = {
  title: 'iSCSI',
  uses: ['iscsi.target.query', 'iscsi.initiator.query'],
  service: 'iscsitarget',
  async read(nas) {
    const [targets, groups] = await Promise.all([
      nas.call('iscsi.target.query', everything(['id', ...Object.keys(TARGET)])),
      nas.call('iscsi.initiator.query', everything(['id', 'initiators'])),
    ]);
    const initiators = rowsOf(groups, { id: field.number, initiators: accessList });
    const isAnyInitiator = (id: unknown): boolean | null => {
      if (id === null) return true;
      const group = initiators.find((each) => each.id === id);
      return group?.initiators === undefined ? null : group.initiators.length === 0;
    };
    return rowsOf(targets, TARGET).map(({ name, groups: all, auth_networks: networks }): Opening => {
      const open = all?.map(({ initiator, authmethod }) => {
        const flags = [isAnyInitiator(initiator), authmethod === null ? null : authmethod === 'NONE'];
        return flags.includes(false) ? false : flags.includes(null) ? null : true;
      });
      return {
        id: 'iscsi_any',
        about: `iSCSI ${safeCell(name ?? '?', 80)}`,
        conditions: [
          open === undefined ? null : someOf(open),
          networks === undefined ? null : networks.length === 0,
        ],
        service: 'iscsitarget',
      };
    });
  },
};

/** NVMe-oF subsystems for any host. */
export const nvmeof: ExposedPart = {
  title: 'NVMe-oF',
  uses: ['nvmet.subsys.query'],
  service: 'nvmet',
  async read(nas) {
    const shape = { name: field.text, allow_any_host: field.flag };
    const rows = rowsOf(
      await nas.call('nvmet.subsys.query', everything(['id', ...Object.keys(shape)])),
      shape,
    );
    return rows.map(({ name, allow_any_host: isAny }) => ({
      id: 'nvmeof_any',
      about: `NVMe-oF ${safeCell(name ?? '?', 80)}`,
      conditions: [isAny],
      service: 'nvmet',
    }));
  },
};

const GRANTS = field.objects({ principal_type: field.text, access: field.text });

/** S3 buckets that need no key. */
export const s3: ExposedPart = {
  title: 'S3',
  uses: ['sharing.s3.query', 's3.config'],
  service: 's3',
  async read(nas) {
    const shape = { name: field.text, enabled: field.flag, grants: GRANTS };
    const [buckets, settings] = await Promise.all([
      nas.call('sharing.s3.query', page(['id', ...Object.keys(shape)])),
      nas.call('s3.config', []),
    ]);
    const onAll = objectOf(settings, { global_grants: GRANTS }).global_grants;
    return rowsOf(buckets, shape).map(({ name, enabled, grants }) => ({
      id: 's3_anonymous',
      about: `S3 ${safeCell(name ?? '?', 80)}`,
      conditions: [enabled, someOf([isGranted(grants), isGranted(onAll)])],
      service: 's3',
    }));
  },
};

function isGranted(grants: ReturnType<typeof GRANTS>): boolean | null {
  if (grants === null) return null;
  return someOf(
    grants.map(({ principal_type: type, access }) =>
      type === null ? null : type !== 'EVERYONE' ? false : access === null ? null : access !== 'DENY',
    ),
  );
}
