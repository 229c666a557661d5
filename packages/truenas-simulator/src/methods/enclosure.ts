/** `enclosure2.*` (27.0) and `enclosure.label.set`: shelves, their slots and the lights on these. Only an appliance tells. */
import * as z from 'zod';
import { ERRNO, ValidationErrors } from '../errors/exceptions.ts';
import type { MethodContext, SimMethod } from '../calls/method.ts';
import { model, text } from '../schema/schema.ts';
import type { Shelf } from '../world/enclosures.ts';
import type { World } from '../world/world.ts';
import { type ApiRow, ONLY_27_0, refuse } from './common.ts';

const write = ['ENCLOSURE_WRITE'];

interface SlotStatus {
  readonly enclosure_id: string;
  readonly slot: number;
  readonly status: 'CLEAR' | 'ON' | 'OFF';
}

export const ENCLOSURE_METHODS: readonly SimMethod[] = [
  {
    name: 'enclosure2.query',
    description: 'Shelves and the disks in their slots; none on hardware that does not tell.',
    releases: ONLY_27_0,
    roles: ['ENCLOSURE_READ'],
    filterable: true,
    run: ({ world }: MethodContext) => (world.shelf === null ? [] : [shelfRow(world, world.shelf)]),
  },
  {
    name: 'enclosure2.set_slot_status',
    description: 'Turns the light of a slot on or off.',
    releases: ONLY_27_0,
    roles: write,
    params: [
      [
        'Enclosure2SetSlotStatus',
        model('Enclosure2SetSlotStatusArgs', {
          enclosure_id: text(),
          slot: z.int(),
          status: z.enum(['CLEAR', 'ON', 'OFF']),
        }),
      ],
    ],
    returns: z.null(),
    run: setLight,
  },
  {
    name: 'enclosure.label.set',
    description: 'Names a shelf.',
    roles: write,
    params: [
      ['id', text()],
      ['label', text()],
    ],
    returns: z.null(),
    run({ world }: MethodContext, id: string, label: string) {
      if (world.shelf?.id !== id) refuse(`Enclosure ${id} does not exist`, ERRNO.ENOENT);
      world.shelf.label = label;
      return null;
    },
  },
];

function setLight({ world }: MethodContext, { enclosure_id: id, slot, status }: SlotStatus): null {
  const at = 'enclosure2.set_slot_status';
  const { shelf } = world;
  if (shelf === null || shelf.id !== id) {
    throw new ValidationErrors().add(at, `Enclosure with id: ${id} not found`);
  }
  if (slot < 1 || slot > shelf.slots) {
    throw new ValidationErrors().add(at, `Slot ${String(slot)} not found in enclosure`);
  }
  if (status === 'ON') shelf.lit.add(slot);
  else shelf.lit.delete(slot);
  return null;
}

function shelfRow(world: World, shelf: Shelf): ApiRow {
  const slots = Array.from({ length: shelf.slots }, (_, index) => index + 1);
  const [vendor = '', product = '', revision = ''] = shelf.name.split(' ');
  return {
    name: shelf.name,
    label: shelf.label ?? shelf.name,
    ...{ model: shelf.model, controller: false, dmi: world.system.product, status: ['OK'], id: shelf.id },
    ...{ vendor, product, revision, bsg: '/dev/bsg/9:0:24:0', sg: '/dev/sg24', pci: '9:0:24:0' },
    ...{ rackmount: true, top_loaded: false, top_slots: 0, front_loaded: true, front_slots: shelf.slots },
    ...{ rear_slots: 0, internal_slots: 0 },
    elements: {
      'Array Device Slot': Object.fromEntries(slots.map((slot) => [slot, slotRow(world, shelf, slot)])),
    },
  };
}

function slotRow(world: World, shelf: Shelf, slot: number): ApiRow {
  const disk = world.disks.all.find((each) => each.slot === slot);
  return {
    descriptor: `slot${String(slot).padStart(2, '0')}`,
    status: disk === undefined ? 'Not Installed' : 'OK',
    ...{ value: 'None', value_raw: 0, dev: disk?.name ?? null, supports_identify_light: true },
    drive_bay_light_status: shelf.lit.has(slot) ? 'ON' : 'OFF',
    ...{ is_front: true, is_rear: false, is_top: false, is_internal: false },
    original: {
      ...{ enclosure_id: shelf.id, enclosure_sg: '/dev/sg24', enclosure_bsg: '/dev/bsg/9:0:24:0' },
      ...{ descriptor: `slot${String(slot)}`, slot },
    },
  };
}
