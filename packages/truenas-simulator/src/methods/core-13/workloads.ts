/** `jail.*`, `plugin.*` and `vm.*` on FreeBSD. */
import * as z from 'zod';
import type { MethodContext, SimMethod } from '../../calls/method.ts';
import type { ApiRow } from '../common.ts';
import { baseRows, type CoreQuery, coreInstance, coreQuery, fields } from '../legacy/base.ts';

const VM =
  'id name description vcpus memory autostart time grubconfig bootloader cores threads shutdown_timeout devices status';
/** Kinds of devices that bhyve calls otherwise. */
const KINDS: Readonly<Record<string, string>> = { DISPLAY: 'VNC' };
const BHYVE_KINDS = new Set(['NIC', 'DISK', 'CDROM', 'VNC', 'RAW']);

const VMS: CoreQuery = { namespace: 'vm', entity: 'VM', rows: vmRows };
const DEVICES: CoreQuery = {
  namespace: 'vm.device',
  entity: 'VMDevice',
  rows: (context) => vmRows(context).flatMap(({ devices }) => devices as ApiRow[]),
};

export const WORKLOAD_METHODS: readonly SimMethod[] = [
  coreQuery({ namespace: 'jail', rows: ({ world }) => [...(world.legacy?.core?.jails.jails ?? [])] }),
  coreQuery({ namespace: 'plugin', rows: ({ world }) => [...(world.legacy?.core?.jails.plugins ?? [])] }),
  {
    name: 'jail.get_activated_pool',
    description: 'The pool that holds the jails.',
    run: ({ world }: MethodContext) => world.legacy?.core?.jails.pool ?? null,
  },
  coreQuery(VMS),
  coreInstance(VMS),
  coreQuery(DEVICES),
  coreInstance(DEVICES),
  {
    name: 'vm.status',
    description: 'Whether a virtual machine runs.',
    params: [['id', z.int()]],
    run: (context: MethodContext, id: number) =>
      vmRows(context).find((row) => row['id'] === id)?.['status'] ?? null,
  },
  {
    name: 'vm.flags',
    description: 'What the processor can do for virtual machines.',
    run: () => ({ intel_vmx: true, unrestricted_guest: true, amd_rvi: false, amd_asids: false }),
  },
];

function vmRows(context: MethodContext): ApiRow[] {
  return baseRows(context, 'vm.query').map((row, index) =>
    fields(row, VM, {
      // GRUB loads what has no firmware to boot by.
      ...{ grubconfig: null, bootloader: index === 0 ? 'GRUB' : 'UEFI' },
      devices: (row['devices'] as ApiRow[]).flatMap(deviceRow),
    }),
  );
}

function deviceRow({ id, attributes, order, vm }: ApiRow): ApiRow[] {
  const { dtype, ...rest } = attributes as ApiRow;
  const kind = KINDS[String(dtype)] ?? String(dtype);
  return BHYVE_KINDS.has(kind) ? [{ id, dtype: kind, attributes: rest, order, vm }] : [];
}
