/** `start_vm`, `stop_vm`: a guest is asked to shut down, never cut off. */
import * as z from 'zod';
import type { Change, Target, UndoCall } from '../../changes/change.ts';
import { nearNames } from '../../output/near-names.ts';
import { InputProblem } from '../../output/problem.ts';
import { safeCell } from '../../output/untrusted.ts';
import type { ReadClient } from '../../truenas/client.ts';
import { query } from '../../truenas/query.ts';
import { defineChange } from '../define.ts';
import { field, type RowOf, rowsOf } from '../support/rows.ts';
import { presentTarget } from '../support/targets.ts';

const common = {
  toolset: 'virtualization',
  access: 'operate',
  isUnlisted: true,
  input: z.strictObject({ vm: z.union([z.int(), z.string().trim().min(1).max(150)]).describe('Name or id') }),
  uses: ['vm.query'],
  writes: ['vm.start', 'vm.stop'],
} as const;

export const startVm = defineChange({
  ...common,
  name: 'start_vm',
  title: 'Start a virtual machine',
  words: 'boot launch run turn on power guest virtual machine vm',
  description: 'Starts a virtual machine that is stopped.',
  examples: [{ args: { vm: 'win11' }, why: 'a stopped one' }],
  async plan(nas, { vm: wanted }): Promise<Change> {
    const vm = await findVm(nas, wanted);
    if (vm.state !== 'STOPPED')
      throw new InputProblem('vm', `${shown(vm)} is ${vm.state ?? 'in an unknown state'}, and not stopped`);
    return {
      summary: `Start virtual machine ${shown(vm)}`,
      calls: [{ method: 'vm.start', params: [vm.id], purpose: `start ${shown(vm)}`, facts: factsOf(vm) }],
      targets: [await vmTarget(nas, vm, 'RUNNING')],
      impact: [`it takes ${memoryText(vm)} of memory, which the NAS must have free`],
      undo: {
        calls: [stopping(vm, 'again')],
        lost: ['what the guest has not saved, where it does not shut down in order'],
      },
    };
  },
});

export const stopVm = defineChange({
  ...common,
  name: 'stop_vm',
  title: 'Stop a virtual machine',
  words: 'shut down halt turn off power guest virtual machine vm',
  description: 'Asks a virtual machine to shut down, and waits for it. Its power is never cut.',
  examples: [{ args: { vm: 1 }, why: 'one that runs' }],
  async plan(nas, { vm: wanted }): Promise<Change> {
    const vm = await findVm(nas, wanted);
    if (vm.state !== 'RUNNING')
      throw new InputProblem('vm', `${shown(vm)} is ${vm.state ?? 'in an unknown state'}, and does not run`);
    const { undoes: _none, ...call } = stopping(vm);
    return {
      summary: `Stop virtual machine ${shown(vm)}`,
      calls: [call],
      targets: [await vmTarget(nas, vm, 'STOPPED')],
      impact: [
        'who uses what runs in it is cut off; how many they are is UNKNOWN',
        `the guest has ${timeText(vm)} to shut down; one that does not listen runs on, and that is told`,
        `to start again it takes ${memoryText(vm)} of memory, which the NAS must have free then`,
        vm.autostart === null
          ? 'whether it starts with the NAS: UNKNOWN'
          : `it ${vm.autostart ? 'starts' : 'does not start'} by itself when the NAS starts`,
      ],
      undo: {
        calls: [{ method: 'vm.start', params: [vm.id], purpose: `start ${shown(vm)} again`, undoes: 0 }],
      },
    };
  },
});

const ROW = {
  id: field.number,
  name: field.rawText,
  status: field.object({ state: field.text }),
  autostart: field.flag,
  shutdown_timeout: field.number,
  memory: field.number,
};
/** Never the devices: passwords of displays stand in them. */
const SELECT = ['uuid', ...Object.keys(ROW)];

interface Vm extends Pick<RowOf<typeof ROW>, 'autostart' | 'shutdown_timeout' | 'memory'> {
  readonly id: number;
  readonly name: string;
  readonly state: string | null;
}

/** @throws InputProblem when none is called so, naming near ones */
async function findVm(nas: ReadClient, wanted: string | number): Promise<Vm> {
  const rows = rowsOf(await nas.call('vm.query', query({ select: SELECT })), ROW);
  const all = rows.flatMap(({ id, name, status, ...more }) =>
    id === null || name === null ? [] : [{ ...more, id, name, state: status?.state ?? null }],
  );
  const found = all.filter(({ id, name }) => id === wanted || name === wanted || String(id) === wanted);
  const [vm] = found;
  if (vm !== undefined && found.length === 1) return vm;
  const names = all.map(({ name }) => name);
  const near = nearNames(String(wanted), names);
  const list = (near.length > 0 ? near : names.slice(0, 20)).map((name) => safeCell(name, 60)).join(', ');
  throw new InputProblem(
    'vm',
    vm === undefined
      ? `no virtual machine is called ${safeCell(String(wanted))}`
      : `${safeCell(String(wanted))} is the name of one and the id of another`,
    list === '' ? 'The NAS shows no virtual machines to the reading account.' : `virtual machines: ${list}`,
  );
}

function vmTarget(nas: ReadClient, vm: Vm, state: 'RUNNING' | 'STOPPED'): Promise<Target> {
  return presentTarget(
    nas,
    {
      name: `virtual machine ${shown(vm)}`,
      read: { method: 'vm.query', params: query({ filters: [['id', '=', vm.id]], select: SELECT }) },
      identity: ['id', 'uuid', 'name'],
    },
    { 'status.state': state },
    { absent: () => new InputProblem('vm', `${shown(vm)} is not there any more`) },
  );
}

/** No force of either kind: that would cut the power of a guest. */
function stopping(vm: Vm, again = ''): UndoCall {
  return {
    method: 'vm.stop',
    params: [vm.id, { force: false, force_after_timeout: false }],
    purpose: `ask ${shown(vm)} to shut down${again === '' ? '' : ` ${again}`}`,
    facts: factsOf(vm),
    undoes: 0,
  };
}

function factsOf({ state }: Vm): Readonly<Record<string, unknown>> {
  return state === null ? {} : { isRunning: state !== 'STOPPED' };
}

const shown = ({ name }: Vm): string => safeCell(name, 80);
const memoryText = ({ memory }: Vm): string => (memory === null ? 'an unknown amount' : `${memory} MiB`);
const timeText = ({ shutdown_timeout: seconds }: Vm): string =>
  seconds === null ? 'a time that is not known' : `${seconds} s`;
