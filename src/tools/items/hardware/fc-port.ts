import { query } from '../../../truenas/query.ts';
import { field, isObject, rowsOf } from '../../support/rows.ts';
import { defineKind, joined } from '../kind.ts';

const TARGET = field.object({ iscsi_target_name: field.text });
const STATUS = { port: field.text, A: field.record, B: field.record };
const SIDE = field.object({
  port_state: field.text,
  port_type: field.text,
  speed: field.text,
  sessions: field.items,
});

/** Fibre Channel ports that serve targets. */
export const fcPort = defineKind({
  name: 'fc_port',
  toolset: 'hardware',
  noun: 'Fibre Channel ports',
  about: 'ports, target, state, speed, sessions, WWPN',
  words: ['fibre channel', 'fiber channel', 'wwpn', 'fc'],
  sources: [{ method: 'fcport.query' }],
  row: { port: field.text, target: TARGET, status: joined<Status>() },
  columns: {
    port: { type: 'text', from: 'port', isAlwaysThere: true, isKey: true, sort: 'asc' },
    target: { type: 'text', value: ({ target }) => target?.iscsi_target_name },
    state: { type: 'text', value: ({ status }) => status?.state, mayLack: [{ method: 'fcport.status' }] },
    speed: { type: 'text', value: ({ status }) => status?.speed },
    sessions: { type: 'number', value: ({ status }) => status?.sessions },
    wwpn: { type: 'text', from: 'wwpn' },
    wwpn_b: { type: 'text', from: 'wwpn_b', isOnDemand: true },
    type: { type: 'text', value: ({ status }) => status?.type, isOnDemand: true },
    id: { type: 'number', from: 'id', isAlwaysThere: true, isOnDemand: true },
  },
  named: 'port',
  ids: ['id'],
  joins: [
    {
      columns: ['state', 'speed', 'sessions', 'type'],
      uses: ['fcport.status'],
      async read(nas) {
        const rows = rowsOf(await nas.call('fcport.status', query({ limit: 500 })), STATUS);
        return {
          add: ({ port }) => ({ status: statusOf(rows.find((row) => port !== null && row.port === port)) }),
        };
      },
    },
  ],
  examples: [
    { args: {}, why: 'what is connected' },
    { args: { filter: ['sessions=0'], fields: ['type', 'wwpn_b'] }, why: 'ports that nobody uses' },
  ],
  getExamples: [
    { args: { id: 'fc0' }, why: 'by name' },
    { args: { id: 'fc9' }, why: 'one that is not there' },
  ],
});

interface Status {
  readonly state: string | null;
  readonly speed: string | null;
  readonly type: string | null;
  readonly sessions: number | null;
}

/** Of both controllers where there are two: `Online, B Linkdown`. */
function statusOf(row: { A: unknown; B: unknown } | undefined): Status | undefined {
  if (row === undefined) return undefined;
  const [a, b] = [SIDE(row.A), SIDE(row.B)];
  const both = (first: string | null | undefined, second: string | null | undefined): string | null =>
    isObject(row.B) ? `A ${first ?? '?'}, B ${second ?? '?'}` : (first ?? null);
  return {
    state: both(a?.port_state, b?.port_state),
    speed: both(a?.speed, b?.speed),
    type: a?.port_type ?? null,
    sessions: a?.sessions?.length ?? null,
  };
}
