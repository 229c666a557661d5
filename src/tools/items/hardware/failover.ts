import type { WireValue } from '../../../truenas/client.ts';
import { field, oddAnswer, recordOf } from '../../support/rows.ts';
import { defineKind, joined } from '../kind.ts';

const JOINED = ['failover.status', 'failover.node', 'failover.config'] as const;

/** The pair of controllers, or that there is none. 25.10 tells the reasons only. */
export const failover = defineKind({
  name: 'failover',
  toolset: 'hardware',
  noun: 'failover state',
  about: 'high availability: licensed or not, which controller serves, why the other could not take over',
  words: ['ha', 'high availability', 'controller', 'standby'],
  sources: [
    {
      uses: ['failover.licensed'],
      read: async (nas) => [{ licensed: await nas.call('failover.licensed') }],
    },
    { uses: ['failover.disabled.reasons'], read: async () => [{}] },
  ],
  row: {
    licensed: field.flag,
    state: joined<string | null>(),
    node: joined<string | null>(),
    disabled: joined<boolean | null>(),
    timeout: joined<number | null>(),
    reasons: joined<string[]>(),
  },
  columns: {
    licensed: { type: 'flag', value: (row) => row.licensed, isKey: true },
    state: {
      type: 'text',
      value: (row) => row.state,
      mayLack: JOINED.map((method) => ({ method })),
    },
    node: { type: 'text', value: (row) => row.node },
    disabled: { type: 'flag', value: (row) => row.disabled },
    timeout_seconds: { type: 'number', value: (row) => row.timeout },
    reasons: {
      type: 'texts',
      value: (row) => row.reasons,
      mayLack: [{ method: 'failover.disabled.reasons' }],
    },
  },
  named: 'licensed',
  isSingle: true,
  joins: [
    {
      columns: ['state', 'node', 'disabled', 'timeout_seconds'],
      uses: JOINED,
      async read(nas) {
        if (!(await nas.has('failover.status'))) return { add: () => ({}), notes: [UNTOLD] };
        const [state, node, config] = await Promise.all(JOINED.map((method) => nas.call(method)));
        const { disabled, timeout } = recordOf(config ?? null);
        if (disabled === undefined && timeout === undefined) throw oddAnswer(config ?? null, 'settings');
        const told = {
          state: textOf(state),
          node: textOf(node),
          disabled: field.flag(disabled),
          timeout: field.number(timeout),
        };
        return { add: () => told, notes: told.state === 'SINGLE' ? [SINGLE] : [] };
      },
    },
    {
      columns: ['reasons'],
      uses: ['failover.disabled.reasons'],
      async read(nas) {
        const answer = await nas.call('failover.disabled.reasons');
        const reasons = field.texts(answer);
        if (reasons === null) throw oddAnswer(answer, 'a list of texts');
        return { add: () => ({ reasons }) };
      },
    },
  ],
  examples: [{ args: {}, why: 'whether there are two controllers, and which serves' }],
  getExamples: [{ args: {}, why: 'all of it' }],
});

/** @throws TrueNasError (`odd-answer`) for what is no text */
function textOf(answer: WireValue | undefined): string {
  const text = field.text(answer);
  if (text === null) throw oddAnswer(answer, 'a text');
  return text;
}

const SINGLE = '(SINGLE: this NAS is one controller, so that there is nothing to fail over to)';
const UNTOLD = '(this release does not tell whether there is a second controller: only reasons are known)';
