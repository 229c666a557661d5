import { query } from '../../../truenas/query.ts';
import { field } from '../../support/rows.ts';
import { defineKind } from '../kind.ts';
import { elementsOf, SLOTS } from './enclosure-elements.ts';
import { MAX_SORTED_HERE } from '../../support/list-reading.ts';

/** Bays of shelves and of the machine. Only hardware of the maker tells them. */
export const enclosureSlot = defineKind({
  name: 'enclosure_slot',
  toolset: 'hardware',
  noun: 'enclosure slots',
  about: 'disk bays: which disk is where, state, light that identifies it',
  words: ['bay', 'slot', 'enclosure', 'jbod', 'shelf', 'drive bay'],
  sources: [
    {
      uses: ['enclosure2.query'],
      async read(nas) {
        const elements = elementsOf(await nas.call('enclosure2.query', query({ limit: MAX_SORTED_HERE })));
        const rows = elements.flatMap(({ enclosure, type, slot, element }) =>
          type === SLOTS ? [{ ...element, enclosure, slot: Number(slot), bay: `${enclosure} ${slot}` }] : [],
        );
        return { rows, notes: rows.length === 0 ? [UNTOLD] : [] };
      },
    },
  ],
  row: {
    is_front: field.flag,
    is_rear: field.flag,
    is_top: field.flag,
    is_internal: field.flag,
  },
  columns: {
    bay: { type: 'text', from: 'bay', isKey: true, maxLength: 80 },
    disk: { type: 'text', from: 'dev' },
    status: { type: 'text', from: 'status' },
    light: { type: 'text', from: 'drive_bay_light_status' },
    place: { type: 'text', value: placeOf },
    enclosure: { type: 'text', from: 'enclosure', isOnDemand: true },
    slot: { type: 'number', from: 'slot', isOnDemand: true },
    has_light: { type: 'flag', from: 'supports_identify_light', isOnDemand: true },
  },
  named: 'bay',
  ids: ['disk'],
  sortedBy: 'slot',
  hides: ['value', 'value_raw', 'original'],
  examples: [
    { args: {}, why: 'what is in which bay' },
    { args: { filter: ['disk!=null'], fields: ['slot', 'status'] }, why: 'bays with a disk' },
  ],
  getExamples: [{ args: { id: 'sda' }, why: 'the bay of a disk' }],
});

const UNTOLD = '(only appliances of the maker tell their bays: on other hardware the NAS knows none)';

interface Place {
  readonly is_front: boolean | null;
  readonly is_rear: boolean | null;
  readonly is_top: boolean | null;
  readonly is_internal: boolean | null;
}

function placeOf(row: Place): string | null {
  const places = ['front', 'rear', 'top', 'internal'] as const;
  return places.find((place) => row[`is_${place}`] === true) ?? null;
}
