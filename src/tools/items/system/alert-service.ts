import { defineKind } from '../kind.ts';

/** Services that alerts are sent on to. Their settings hold addresses and keys together, and are never read. */
export const alertService = defineKind({
  name: 'alert_service',
  toolset: 'system',
  noun: 'alert services',
  about: 'where alerts are sent (mail, Slack, PagerDuty …), from which level on; never the keys',
  words: ['notification', 'alert notification', 'slack', 'pagerduty', 'telegram'],
  sources: [{ method: 'alertservice.query' }],
  row: {},
  columns: {
    name: { type: 'text', from: 'name', isAlwaysThere: true, isKey: true, sort: 'asc' },
    type: { type: 'text', from: 'type__title', isAlwaysThere: true },
    level: { type: 'text', from: 'level', isAlwaysThere: true },
    enabled: { type: 'flag', from: 'enabled', isAlwaysThere: true },
    id: { type: 'number', from: 'id', isAlwaysThere: true, isOnDemand: true },
  },
  named: 'name',
  ids: ['id'],
  alsoSelects: [],
  examples: [
    { args: {}, why: 'all' },
    { args: { filter: ['enabled=true'], fields: ['level', 'id'] }, why: 'those that work' },
  ],
  getExamples: [
    { args: { id: 'operations chat' }, why: 'by name' },
    { args: { id: 'pager' }, why: 'one that is not there' },
  ],
});
