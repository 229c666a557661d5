import { field } from '../../support/rows.ts';
import { defineKind } from '../kind.ts';

/** Static routes; the default routes are settings of the network. */
export const route = defineKind({
  name: 'route',
  toolset: 'network',
  noun: 'static routes',
  about: 'networks that are reached through another gateway than the default one',
  words: ['static route', 'routing'],
  sources: [{ method: 'staticroute.query' }],
  row: { id: field.number },
  columns: {
    destination: { type: 'text', from: 'destination', isAlwaysThere: true, isKey: true, sort: 'asc' },
    gateway: { type: 'text', from: 'gateway', isAlwaysThere: true },
    description: { type: 'text', from: 'description', isAlwaysThere: true },
    id: { type: 'number', from: 'id', isAlwaysThere: true, isOnDemand: true },
  },
  named: 'destination',
  ids: ['id'],
  examples: [{ args: {}, why: 'all' }],
  getExamples: [
    { args: { id: '203.0.113.0/24' }, why: 'by destination' },
    { args: { id: '10.0.0.0/8' }, why: 'one that is not there' },
  ],
});
