/** `reboot_system` and `shutdown_system`: what is running is told first; afterwards the NAS is away. */
import * as z from 'zod';
import type { Change } from '../../changes/change.ts';
import { plural } from '../../output/units.ts';
import { safeCell } from '../../output/untrusted.ts';
import type { ReadClient } from '../../truenas/client.ts';
import { query } from '../../truenas/query.ts';
import { defineChange } from '../define.ts';
import { gapText, readPart } from '../support/part.ts';
import { field, rowsOf } from '../support/rows.ts';
import { configThing, presentTarget } from '../support/targets.ts';
import { readEnvironments, shownName } from './environment.ts';
import { REACH_USES, reachLines, serviceReach } from './service-reach.ts';

const common = {
  toolset: 'system',
  access: 'destroy',
  input: z.strictObject({
    reason: z.string().trim().min(3).max(200).describe('Goes into the log of the NAS'),
  }),
  uses: [
    'core.get_jobs',
    'pool.query',
    'pool.dataset.query',
    'service.query',
    'system.reboot.info',
    'boot.environment.query',
    ...REACH_USES,
  ],
} as const;

export const rebootSystem = defineChange({
  ...common,
  name: 'reboot_system',
  title: 'Restart the NAS',
  words: 'reboot system machine server box',
  description: 'Restarts the NAS. Everybody is cut off meanwhile.',
  writes: ['system.reboot'],
  examples: [{ args: { reason: 'kernel update' }, why: 'the plan shows what runs' }],
  plan: (nas, { reason }) => planPower(nas, 'reboot', reason),
});

export const shutdownSystem = defineChange({
  ...common,
  name: 'shutdown_system',
  title: 'Shut the NAS down',
  words: 'shutdown power off halt turn off system machine server',
  description: 'Shuts the NAS down. Somebody has to switch it on again.',
  isUnlisted: true,
  writes: ['system.shutdown'],
  examples: [{ args: { reason: 'work on the power supply' }, why: 'the plan shows what runs' }],
  plan: (nas, { reason }) => planPower(nas, 'shutdown', reason),
});

async function planPower(nas: ReadClient, action: 'reboot' | 'shutdown', reason: string): Promise<Change> {
  const isReboot = action === 'reboot';
  const thing = {
    ...configThing('this run of the NAS', 'system.reboot.info'),
    renewed: ['boot_id'],
    goesAway: true,
  } as const;
  const [target, ...lines] = await Promise.all([
    presentTarget(nas, thing, 'present', { absent: () => new Error('the NAS does not tell its boot id') }),
    jobLines(nas),
    scanLines(nas),
    clientLines(nas),
    lockLines(nas),
    startLines(nas),
  ]);
  return {
    summary: `${isReboot ? 'Restart' : 'Shut down'} the NAS: ${safeCell(reason, 120)}`,
    calls: [
      {
        method: `system.${action}`,
        params: [reason],
        purpose: isReboot ? 'restart the NAS' : 'shut the NAS down',
      },
    ],
    targets: [target],
    impact: [
      ...lines.flat(),
      isReboot
        ? 'the connection is lost: that it is up again shows once it answers, after some minutes'
        : 'the connection is lost, and nothing here can switch the NAS on again',
    ],
    undo: {
      impossible: isReboot ? 'a restart leaves nothing to take back' : 'it is switched on at the machine',
    },
  };
}

async function jobLines(nas: ReadClient): Promise<string[]> {
  const parts = {
    filters: [['state', 'in', ['RUNNING', 'WAITING']]] as const,
    select: ['id', 'method', 'state'],
  };
  const part = await readPart(nas, async (limited) =>
    rowsOf(await limited.call('core.get_jobs', query(parts)), { id: field.number, method: field.text }),
  );
  if ('gap' in part) return [`jobs that run: UNKNOWN, ${gapText(part) ?? ''}`];
  if (part.value.length === 0) return ['jobs that run: none that the reading account may see'];
  const shown = part.value.slice(0, 6).map(({ id, method }) => `${String(id)} ${method ?? '?'}`);
  return [
    `${plural(part.value.length, 'job')} cut off: ${shown.join(', ')}${part.value.length > 6 ? ', …' : ''}`,
  ];
}

async function scanLines(nas: ReadClient): Promise<string[]> {
  const part = await readPart(nas, async (limited) =>
    rowsOf(await limited.call('pool.query', query({ select: ['name', 'scan'] })), {
      name: field.text,
      scan: field.object({ function: field.text, state: field.text }),
    }),
  );
  if ('gap' in part) return [`scrubs and resilvers: UNKNOWN, ${gapText(part) ?? ''}`];
  return part.value
    .filter(({ scan }) => scan?.state === 'SCANNING')
    .map(
      ({ name, scan }) =>
        `${scan?.function ?? 'scan'} of ${name ?? '?'} is under way; it goes on after the start`,
    );
}

const SHARING = ['cifs', 'nfs', 'iscsitarget', 'nvmet'];

async function clientLines(nas: ReadClient): Promise<string[]> {
  const part = await readPart(nas, async (limited) =>
    rowsOf(await limited.call('service.query', query()), { service: field.text, state: field.text }),
  );
  if ('gap' in part) return [`clients: UNKNOWN, ${gapText(part) ?? ''}`];
  const running = part.value.flatMap(({ service, state }) =>
    service !== null && state === 'RUNNING' && SHARING.includes(service) ? [service] : [],
  );
  return Promise.all(
    running.map(async (service) => {
      const [clients = ''] = reachLines(await serviceReach(nas, service));
      return `${service}: ${clients}`;
    }),
  );
}

/** An update that waits, or the way back from one: what starts is another system than what stops. */
async function startLines(nas: ReadClient): Promise<string[]> {
  const part = await readPart(nas, readEnvironments);
  if ('gap' in part) return [`which system starts next: UNKNOWN, ${gapText(part) ?? ''}`];
  const next = part.value.find(({ activated }) => activated === true);
  const running = part.value.find(({ active }) => active === true);
  if (next === undefined || running === undefined) return ['which system starts next: UNKNOWN'];
  return next.id === running.id
    ? []
    : [`another system starts: ${shownName(next.id)}, and no longer ${shownName(running.id)}`];
}

/** Nobody but a person knows a passphrase: such datasets stay locked after a start. */
async function lockLines(nas: ReadClient): Promise<string[]> {
  const part = await readPart(nas, async (limited) =>
    rowsOf(
      await limited.call(
        'pool.dataset.query',
        query({
          filters: [
            ['key_format.value', '=', 'PASSPHRASE'],
            ['locked', '=', false],
          ],
          select: ['id'],
          extra: { flat: true, properties: ['keyformat'] },
        }),
      ),
      { id: field.text },
    ),
  );
  if ('gap' in part) return [`datasets that stay locked afterwards: UNKNOWN, ${gapText(part) ?? ''}`];
  const names = part.value.flatMap(({ id }) => id ?? []);
  return names.length === 0
    ? []
    : [
        `locked afterwards: ${names.slice(0, 6).join(', ')}${names.length > 6 ? ', …' : ''}; until somebody types the passphrase`,
      ];
}
