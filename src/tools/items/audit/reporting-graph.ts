import { field } from '../../support/rows.ts';
import { defineKind } from '../kind.ts';

/** Graphs that the NAS keeps: get_metrics reads the common ones, `reporting.netdata_get_data` any. */
export const reportingGraph = defineKind({
  name: 'reporting_graph',
  toolset: 'audit',
  noun: 'reporting graphs',
  about: 'what is measured: graphs and the disks, interfaces or apps each is kept for',
  words: ['graph', 'report', 'metric', 'measurement', 'statistics'],
  sources: [{ method: 'reporting.netdata_graphs' }],
  row: { identifiers },
  columns: {
    name: { type: 'text', from: 'name', isAlwaysThere: true, isKey: true, sort: 'asc' },
    title: { type: 'text', from: 'title' },
    unit: { type: 'text', from: 'vertical_label' },
    identifiers: { type: 'texts', value: (row) => row.identifiers, maxLength: 120 },
  },
  named: 'name',
  examples: [
    { args: {}, why: 'what is measured' },
    { args: { name: 'disk' }, why: 'of disks' },
  ],
  getExamples: [
    { args: { id: 'cpu' }, why: 'by name' },
    { args: { id: 'no-such-graph' }, why: 'a name that is none' },
  ],
});

/** Null is a graph of the whole NAS; of a disk `sda | Type: HDD | …` its name says enough. */
function identifiers(value: unknown): string[] | null {
  return value === null ? [] : (field.texts(value)?.map((text) => text.split(' | ')[0] ?? text) ?? null);
}
