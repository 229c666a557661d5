/** Reads of FreeBSD releases that newer ones answer alike, and small ones of their own. */
import * as z from 'zod';
import type { MethodContext, SimMethod } from '../../calls/method.ts';
import { CallError, ERRNO } from '../../errors/exceptions.ts';
import { text } from '../../schema/schema.ts';
import { baseAnswer, baseRows, coreQuery, same } from '../legacy/base.ts';

/** What is the same on both, parameters and all. */
const SAME = [
  ...['alert.list', 'alert.list_policies', 'alert.list_categories', 'alert.dismiss', 'alert.restore'],
  ...['pool.attachments', 'pool.get_disks', 'pool.processes', 'pool.dataset.attachments'],
  ...['pool.dataset.processes', 'pool.dataset.compression_choices', 'pool.dataset.checksum_choices'],
  ...['ups.driver_choices', 'ups.port_choices'],
];

/** Every share lets everybody in until somebody says otherwise. */
function shareLists(context: MethodContext) {
  return baseRows(context, 'sharing.smb.query').map(({ id, name }) => ({
    ...{ id, share_name: name },
    share_acl: [{ ae_who_sid: 'S-1-1-0', ae_perm: 'FULL', ae_type: 'ALLOWED' }],
  }));
}

const DIRECTORY_SERVICES = ['activedirectory', 'ldap', 'nis'] as const;

export const READ_METHODS: readonly SimMethod[] = [
  ...SAME.map(same),
  {
    name: 'pool.dataset.recordsize_choices',
    description: 'Sizes that records can have.',
    run: (context: MethodContext) => baseAnswer(context, 'pool.dataset.recordsize_choices', null),
  },
  {
    name: 'iscsi.global.sessions',
    description: 'Machines that are connected to iSCSI targets.',
    filterable: true,
    run: (context: MethodContext) => baseAnswer(context, 'iscsi.global.sessions', [], {}),
  },
  coreQuery({
    namespace: 'dns',
    rows: ({ world }) => {
      const { nameserver1, nameserver2, nameserver3 } = world.settings['network.configuration'] ?? {};
      return [nameserver1, nameserver2, nameserver3].filter(Boolean).map((nameserver) => ({ nameserver }));
    },
  }),
  coreQuery({ namespace: 'smb.sharesec', rows: shareLists }),
  {
    name: 'smb.sharesec.getacl',
    description: 'Who may use an SMB share at all.',
    params: [
      ['share_name', text()],
      ['options', z.object({ resolve_sids: z.boolean().default(true) }).default({ resolve_sids: true })],
    ],
    run(context: MethodContext, name: string, { resolve_sids: hasNames }: { resolve_sids: boolean }) {
      const found = shareLists(context).find((row) => row['share_name'] === name);
      if (found === undefined) throw new CallError(`${name}: share does not exist`, ERRNO.ENOENT);
      const named = { ae_who_name: { domain: null, name: 'Everyone', sidtype: 5 } };
      return {
        ...found,
        share_acl: found.share_acl.map((entry) => ({ ...entry, ...(hasNames ? named : {}) })),
      };
    },
  },
  {
    name: 'device.get_info',
    description: 'Disks or serial ports as the kernel tells them.',
    params: [['type', z.enum(['SERIAL', 'DISK'])]],
    run(context: MethodContext, type: 'SERIAL' | 'DISK') {
      if (type === 'SERIAL')
        return [{ name: 'uart0', description: '16550 or compatible', start: '0x3f8', size: 8 }];
      return Object.fromEntries(
        baseRows(context, 'disk.query').map((row) => {
          const { name, serial, size, rotationrate, type: kind, model, lunid } = row;
          const facts = { mediasize: size, sectorsize: 512, rotationrate, type: kind, descr: model };
          return [name, { name, ident: serial, lunid, serial, ...facts }];
        }),
      );
    },
  },
  {
    name: 'vm.get_available_memory',
    description: 'Memory that virtual machines could have.',
    params: [['overcommit', z.boolean().default(false)]],
    run: ({ world }: MethodContext) => Math.round(world.system.memoryBytes * 0.2),
  },
  {
    name: 'vm.get_vmemory_in_use',
    description: 'Memory that virtual machines have, and could have.',
    run({ world }: MethodContext) {
      const running = world.workloads.vms.filter(({ status }) => status.state === 'RUNNING');
      const megabytes = (rows: readonly { readonly memory?: unknown }[]): number =>
        rows.reduce((sum, { memory }) => sum + Number(memory ?? 0), 0);
      const bytes = megabytes(running as { memory?: unknown }[]) * 1024 ** 2;
      return { RNP: bytes, PRD: 0, RPRD: 0 };
    },
  },
  {
    name: 'replication.list_naming_schemas',
    description: 'How snapshots are named by the tasks there are.',
    run: (context: MethodContext) => [
      ...new Set(baseRows(context, 'pool.snapshottask.query').map(({ naming_schema: schema }) => schema)),
    ],
  },
  {
    name: 'system.feature_enabled',
    description: 'True for what may be used.',
    params: [['feature', z.enum(['DEDUP', 'FIBRECHANNEL', 'JAILS', 'VM'])]],
    run: (_context: MethodContext, feature: string) => feature !== 'FIBRECHANNEL',
  },
  {
    name: 'support.is_available',
    description: 'True where the maker can be asked.',
    run: () => false,
  },
  ...DIRECTORY_SERVICES.map(
    (service): SimMethod => ({
      name: `${service}.get_state`,
      description: `Whether ${service} is joined.`,
      run({ world }: MethodContext) {
        const settings = world.legacy?.core?.settings[service] ?? world.settings[service];
        return settings?.['enable'] === true ? 'HEALTHY' : 'DISABLED';
      },
    }),
  ),
  {
    name: 'user.get_user_obj',
    description: 'A user as the operating system knows it.',
    params: [
      [
        'get_user_obj',
        z
          .strictObject({ username: text().nullable().default(null), uid: z.int().nullable().default(null) })
          .prefault({}),
      ],
    ],
    run({ accounts }: MethodContext, { username, uid }: { username: string | null; uid: number | null }) {
      const user = [...accounts.users.values()].find((row) => row.username === username || row.uid === uid);
      if (user === undefined) return null;
      const gid = accounts.groups.get(user.groupId)?.gid ?? 0;
      return {
        ...{ pw_name: user.username, pw_gecos: user.full_name, pw_dir: user.home },
        ...{ pw_shell: user.shell, pw_uid: user.uid, pw_gid: gid },
      };
    },
  },
  {
    name: 'core.sessions',
    description: 'Connections that are open.',
    filterable: true,
    run: ({ internals }: MethodContext) =>
      internals.sessions().map(({ id, credential }) => ({
        ...{ id, socket_family: 'AF_INET', address: '127.0.0.1' },
        ...{ authenticated: credential !== null, call_count: 0 },
      })),
  },
  {
    name: 'core.get_events',
    description: 'Events that can be subscribed to.',
    run({ internals }: MethodContext) {
      const described = (description: string) => ({ description, wildcard_subscription: true });
      const tables = [...internals.methods.keys()].filter(
        (name) => name.endsWith('.query') && internals.methods.has(name.replace(/query$/, 'update')),
      );
      const named = ['core.get_jobs', 'alert.list', 'system', 'zfs.pool.scan', ...tables];
      return Object.fromEntries(named.map((name) => [name, described(`Sent when ${name} changes.`)]));
    },
  },
];
