import { defineKind } from '../kind.ts';

/** Time servers. */
export const ntpServer = defineKind({
  name: 'ntp_server',
  toolset: 'system',
  noun: 'time servers',
  about: 'where the clock is set from (NTP)',
  words: ['ntp', 'time', 'clock', 'time server'],
  sources: [{ method: 'system.ntpserver.query' }],
  row: {},
  columns: {
    address: { type: 'text', from: 'address', isAlwaysThere: true, isKey: true, sort: 'asc' },
    prefer: { type: 'flag', from: 'prefer', isAlwaysThere: true },
    iburst: { type: 'flag', from: 'iburst', isAlwaysThere: true },
    burst: { type: 'flag', from: 'burst', isAlwaysThere: true },
    minpoll: { type: 'number', from: 'minpoll', isAlwaysThere: true },
    maxpoll: { type: 'number', from: 'maxpoll', isAlwaysThere: true },
    id: { type: 'number', from: 'id', isAlwaysThere: true, isOnDemand: true },
  },
  named: 'address',
  ids: ['id'],
  examples: [{ args: {}, why: 'all' }],
  getExamples: [
    { args: { id: '0.pool.example.org' }, why: 'by address' },
    { args: { id: 'time.example.net' }, why: 'one that is not there' },
  ],
});
