/** The service that a share needs: started, and started at boot, where it is not. */
import type { PlannedCall, Target, UndoCall } from '../../changes/change.ts';
import type { KnownTargets } from '../../changes/joined.ts';
import type { ReadClient } from '../../truenas/client.ts';
import { query } from '../../truenas/query.ts';
import { isAtLeast } from '../../truenas/releases.ts';
import { field, rowsOf } from '../support/rows.ts';
import { rowThing } from '../support/targets.ts';
import { type ChangedKind, QUERY_OF, TITLE_OF } from './changed-share.ts';

const SERVICE_OF = { smb: 'cifs', nfs: 'nfs', iscsi: 'iscsitarget' } as const;

/** Methods of {@link serviceStart}: those that its plan names. */
export const SERVICE_WRITES = ['service.update', 'service.control', 'service.start', 'service.stop'] as const;

/** What starting it takes; nothing where it runs already. */
export interface ServiceStart {
  readonly calls: readonly PlannedCall[];
  readonly targets: readonly Target[];
  readonly undo: readonly UndoCall[];
  readonly impact: readonly string[];
}

/** @param at place of its first call in the change */
export async function serviceStart(
  nas: ReadClient,
  kind: ChangedKind,
  at: number,
  known: KnownTargets | undefined,
): Promise<ServiceStart> {
  const service = SERVICE_OF[kind];
  const name = `service ${service}`;
  if (known?.some((target) => target.name === name) === true)
    return { ...NOTHING, impact: [`the service ${service} is started by an earlier step`] };
  const answer = await nas.call('service.query', query({ filters: [['service', '=', service]] }));
  const [row] = rowsOf(answer, { state: field.rawText, enable: field.flag });
  if (row === undefined || row.state === null || row.enable === null)
    return {
      ...NOTHING,
      impact: [`whether the service ${service} runs is UNKNOWN: without it nobody reaches the share`],
    };
  const { state, enable } = row;
  if (state === 'RUNNING' && enable) return NOTHING;
  const before = { service, state, enable };
  const others = await countShares(nas, kind);
  const call = (method: string, params: readonly unknown[], purpose: string): PlannedCall => ({
    method,
    params,
    purpose,
    before,
    facts: others === undefined ? {} : { shares: others },
  });
  const isNew = isAtLeast(await nas.release(), '25.10');
  const control = (verb: 'START' | 'STOP'): readonly [method: string, params: readonly unknown[]] =>
    isNew
      ? ['service.control', [verb, service, { silent: false }]]
      : [`service.${verb.toLowerCase()}`, [service, { silent: false }]];
  const steps = [
    ...(enable
      ? []
      : [
          {
            call: call(
              'service.update',
              [service, { enable: true }],
              `start the service ${service} with the NAS`,
            ),
            undo: call(
              'service.update',
              [service, { enable: false }],
              `no longer start ${service} with the NAS`,
            ),
          },
        ]),
    ...(state === 'RUNNING'
      ? []
      : [
          {
            call: call(...control('START'), `start the service ${service}`),
            undo: {
              ...call(...control('STOP'), `stop the service ${service}`),
              before: { ...before, state: 'RUNNING' },
              facts: {},
            },
          },
        ]),
  ];
  return {
    calls: steps.map((step) => step.call),
    undo: steps.map((step, index) => ({ ...step.undo, undoes: at + index })).toReversed(),
    targets: [
      {
        ...rowThing(name, 'service.query', ['service', '=', service], { identity: ['service'] }),
        changedBy: at,
        before,
        after: { state: 'RUNNING', enable: true },
        // Whatever is shared besides can be reached as well, wherever it lies.
        ...(state === 'RUNNING' || others === 0 ? {} : { isUnplaced: true as const }),
      },
    ],
    impact: [
      `the service ${service} ${state === 'RUNNING' ? 'runs, and' : 'does not run: it is started, and'} starts with the NAS from now on${others === undefined || others === 0 ? '' : `; ${others} other enabled ${TITLE_OF[kind]}${others === 1 ? '' : 's'} can be reached with it`}`,
    ],
  };
}

const NOTHING: ServiceStart = { calls: [], targets: [], undo: [], impact: [] };

/** Shares of the kind that are switched on; undefined when nobody knows. */
async function countShares(nas: ReadClient, kind: ChangedKind): Promise<number | undefined> {
  // A target has no switch of its own.
  const filters = kind === 'iscsi' ? [] : ([['enabled', '=', true]] as const);
  const count = await nas.call(QUERY_OF[kind], query({ filters, count: true }));
  return typeof count === 'number' ? count : undefined;
}
