/** `control_service`: starts, stops or restarts a service, and sets whether it starts with the NAS. */
import * as z from 'zod';
import type { Change, PlannedCall, State, Target, UndoCall } from '../../changes/change.ts';
import { didYouMean, nearNames } from '../../output/near-names.ts';
import { InputProblem } from '../../output/problem.ts';
import { safeCell } from '../../output/untrusted.ts';
import type { ReadClient } from '../../truenas/client.ts';
import { query } from '../../truenas/query.ts';
import { isAtLeast } from '../../truenas/releases.ts';
import { defineChange } from '../define.ts';
import { field, rowsOf } from '../support/rows.ts';
import { presentTarget, rowThing } from '../support/targets.ts';
import { REACH_USES, reachFacts, reachLines, type ServiceReach, serviceReach } from './service-reach.ts';

const ACTIONS = ['start', 'stop', 'restart'] as const;
type Action = (typeof ACTIONS)[number];

export const controlService = defineChange({
  name: 'control_service',
  toolset: 'system',
  access: 'operate',
  title: 'Start, stop or restart a service',
  words: 'turn on off enable disable at boot daemon ssh smb nfs ftp snmp ups',
  description: 'Starts, stops or restarts a service; at_boot: whether it starts with the NAS.',
  input: z.strictObject({
    service: z.string().min(1).max(60).describe('cifs (SMB), nfs, iscsitarget, ssh, …'),
    action: z.enum(ACTIONS).optional(),
    at_boot: z.boolean().optional(),
  }),
  synonyms: {
    service: {
      smb: 'cifs',
      samba: 'cifs',
      iscsi: 'iscsitarget',
      'nvme-of': 'nvmet',
      nvmeof: 'nvmet',
      sshd: 'ssh',
      nfsd: 'nfs',
    },
  },
  uses: ['service.query', ...REACH_USES],
  writes: ['service.control', 'service.start', 'service.stop', 'service.restart', 'service.update'],
  examples: [
    { args: { service: 'ftp', action: 'start', at_boot: true }, why: 'start it, now and with the NAS' },
    { args: { service: 'cifs', action: 'restart' }, why: 'restart one with clients' },
    { args: { service: 'nfs', action: 'stop' }, why: 'stop one' },
  ],
  async plan(nas, { service: named, action, at_boot: isAtBoot }): Promise<Change> {
    if (action === undefined && isAtBoot === undefined)
      throw new InputProblem('action', 'is missing, and so is at_boot: nothing would change');
    const service = named.trim().toLowerCase();
    const after = {
      ...(action === undefined ? {} : { state: action === 'stop' ? 'STOPPED' : 'RUNNING' }),
      ...(isAtBoot === undefined ? {} : { enable: isAtBoot }),
    };
    const thing = rowThing(`service ${service}`, 'service.query', ['service', '=', service], {
      identity: ['id', 'service'],
    });
    // Both fields are read whatever changes: the judgement compares them.
    const seen = await presentTarget(nas, { ...thing, written: ['state', 'enable', 'pids'] }, after, {
      absent: () => unknownService(nas, service),
    });
    const reach = await serviceReach(nas, service);
    return changeOf({ service, action, isAtBoot }, seen, reach, await controlCall(nas));
  },
});

interface Wanted {
  readonly service: string;
  readonly action: Action | undefined;
  readonly isAtBoot: boolean | undefined;
}

type Control = (verb: Uppercase<Action>, service: string) => Pick<PlannedCall, 'method' | 'params'>;

/** One job for all verbs since 25.10; before, a method for each. A failure is told only with `silent: false`. */
async function controlCall(nas: ReadClient): Promise<Control> {
  const isJob = isAtLeast(await nas.release(), '25.10');
  return (verb, service) =>
    isJob
      ? { method: 'service.control', params: [verb, service, { silent: false }] }
      : { method: `service.${verb.toLowerCase()}`, params: [service, { silent: false }] };
}

function changeOf(
  wanted: Wanted,
  target: Target & { readonly before: State },
  reach: ServiceReach,
  control: Control,
): Change {
  const { service, isAtBoot } = wanted;
  const before: State = target.before;
  const isRunning = before['state'] === 'RUNNING';
  // What is so already is not sent: its undo would change what was there before.
  const action = isDone(wanted.action, before['state']) ? undefined : wanted.action;
  // Nobody is connected to a service that does not run, whatever the list of its clients says.
  const facts = { ...reachFacts(reach), ...(before['state'] === 'STOPPED' ? { clients: 0 } : {}) };
  const calls: PlannedCall[] = [];
  const undo: UndoCall[] = [];
  if (action !== undefined) {
    const verb = verbOf(action);
    calls.push({ ...control(verb, service), purpose: `${action} the service ${service}`, before, facts });
    const back = action === 'restart' ? undefined : action === 'start' ? 'STOP' : 'START';
    if (back !== undefined)
      undo.push({
        ...control(back, service),
        purpose: `${back.toLowerCase()} the service ${service} again`,
        undoes: calls.length - 1,
      });
  }
  if (isAtBoot !== undefined && isAtBoot !== before['enable']) {
    const enable = (is: boolean): PlannedCall => ({
      method: 'service.update',
      params: [service, { enable: is }],
      purpose: is ? `start ${service} with the NAS` : `no longer start ${service} with the NAS`,
      before,
      facts,
    });
    calls.push(enable(isAtBoot));
    undo.push({
      ...enable(!isAtBoot),
      before: { ...before, enable: isAtBoot },
      undoes: calls.length - 1,
    });
  }
  const [first, ...others] = calls;
  if (first === undefined) throw alreadyDone(wanted);
  return {
    summary: summaryOf({ ...wanted, action }),
    calls: [first, ...others],
    targets: [
      {
        ...target,
        written: [],
        ...seenOf(action, before),
        // Whatever the service serves can be reached then, wherever it lies.
        ...(!isRunning && (action !== 'stop' || isAtBoot === true) ? { isUnplaced: true as const } : {}),
      },
    ],
    impact: [
      ...(isRunning ? reachLines(reach) : reachLines(reach).slice(1)),
      ...(action === 'restart' && !hasProcesses(before['pids'])
        ? ['it has no process: that it was restarted is what the NAS says, and cannot be seen']
        : []),
      ...(action === 'stop' && before['enable'] === true && isAtBoot !== false
        ? ['it starts again with the NAS; at_boot: false keeps it stopped']
        : []),
    ],
    undo:
      undo.length === 0
        ? { impossible: 'a restart leaves nothing to take back' }
        : { calls: undo.toReversed() },
  };
}

function verbOf(action: Action): Uppercase<Action> {
  return ({ start: 'START', stop: 'STOP', restart: 'RESTART' } as const)[action];
}

/** Processes change by themselves; after a restart they must all be others. */
function seenOf(action: Action | undefined, before: State): Pick<Target, 'before' | 'renewed'> {
  if (action === 'restart' && hasProcesses(before['pids'])) return { before, renewed: ['pids'] };
  const { pids: _, ...rest } = before;
  return { before: rest };
}

/** Some services work inside the kernel. */
function hasProcesses(pids: unknown): boolean {
  return Array.isArray(pids) && pids.length > 0;
}

function isDone(action: Action | undefined, state: unknown): boolean {
  return (action === 'start' && state === 'RUNNING') || (action === 'stop' && state === 'STOPPED');
}

function alreadyDone({ service, action }: Wanted): InputProblem {
  if (action === 'start')
    return new InputProblem('action', `${service} runs already`, 'restart starts it anew.');
  if (action === 'stop') return new InputProblem('action', `${service} does not run`);
  return new InputProblem('at_boot', `is so already for ${service}`);
}

function summaryOf({ service, action, isAtBoot }: Wanted): string {
  const atBoot =
    isAtBoot === true ? `start ${service} with the NAS` : `no longer start ${service} with the NAS`;
  const text = [
    ...(action === undefined ? [] : [`${action} service ${service}`]),
    ...(isAtBoot === undefined ? [] : [atBoot]),
  ].join(', ');
  return text.charAt(0).toUpperCase() + text.slice(1);
}

async function unknownService(nas: ReadClient, service: string): Promise<InputProblem> {
  const answer = await nas.call('service.query', query({ select: ['service'] }));
  const names = rowsOf(answer, { service: field.text }).flatMap((row) => row.service ?? []);
  const near = didYouMean(nearNames(service, names));
  return new InputProblem(
    'service',
    `no service is called ${safeCell(service)}`,
    near ?? `services: ${names.join(', ')}`,
  );
}
