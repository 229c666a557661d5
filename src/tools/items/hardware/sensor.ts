import { query } from '../../../truenas/query.ts';
import { field, rawRowsOf } from '../../support/rows.ts';
import { MAX_SORTED_HERE } from '../../support/list-reading.ts';
import { defineKind } from '../kind.ts';
import { elementsOf, SLOTS } from './enclosure-elements.ts';

/** Fans, power supplies, voltages and temperatures: of the management controller (25.04), of shelves (26.0 and later). */
export const sensor = defineKind({
  name: 'sensor',
  toolset: 'hardware',
  noun: 'sensors',
  about: 'fans, power supplies, voltages, temperatures of the machine and its shelves, with their state',
  words: ['fan', 'power supply', 'psu', 'voltage', 'temperature sensor'],
  sources: [
    {
      uses: ['enclosure2.query'],
      async read(nas) {
        const elements = elementsOf(await nas.call('enclosure2.query', query({ limit: MAX_SORTED_HERE })));
        return elements.flatMap(({ enclosure, type, slot, element }) =>
          type === SLOTS
            ? []
            : [
                {
                  name: `${enclosure} ${field.text(element['descriptor']) ?? `${type} ${slot}`}`,
                  type,
                  state: element['status'],
                  reading: element['value'],
                },
              ],
        );
      },
    },
    {
      uses: ['ipmi.sensors.query'],
      read: async (nas) => rawRowsOf(await nas.call('ipmi.sensors.query', query({ limit: MAX_SORTED_HERE }))),
    },
  ],
  row: { reading: field.text, units: field.text },
  columns: {
    name: { type: 'text', from: 'name', isKey: true, sort: 'asc', maxLength: 80 },
    type: { type: 'text', from: 'type' },
    state: { type: 'text', from: 'state' },
    reading: { type: 'text', value: ({ reading, units }) => readingOf(reading, units) },
    low: { type: 'text', from: 'lower-critical', read: toldOf },
    high: { type: 'text', from: 'upper-critical', read: toldOf },
    event: { type: 'texts', from: 'event', isOnDemand: true },
  },
  named: 'name',
  examples: [
    { args: {}, why: 'all' },
    { args: { filter: ['state!=Nominal'], fields: ['type', 'reading', 'event'] }, why: 'what is not well' },
  ],
  getExamples: [{ args: { id: 'FAN99' }, why: 'one that is not there' }],
});

/** A text that says something. */
function toldOf(value: unknown): string | null {
  const text = field.text(value);
  return text === 'N/A' || text === 'None' ? null : text;
}

function readingOf(reading: string | null, units: string | null): string | null {
  const said = toldOf(reading);
  const unit = toldOf(units);
  return said === null || unit === null ? said : `${said} ${unit}`;
}
