/** Slots are told by an appliance only; there a light can show which disk is meant. */
import { beforeAll, describe, expect, it } from 'vitest';
import { returnsProblems } from '../support/contract.ts';
import { type Json, type RawConnection, withSimulator } from '../support/simulator.ts';

describe('shelves on 27.0', () => {
  const nas = withSimulator({ release: '27.0' });
  let connection: RawConnection;

  beforeAll(async () => {
    connection = await nas.connect();
  });

  it('are not known on generic hardware', async () => {
    expect(await connection.call('enclosure2.query')).toEqual([]);
    expect((await connection.call('disk.query')).every((disk: Json) => disk.enclosure === null)).toBe(true);
  });

  describe('of an appliance', () => {
    let shelf: Json;
    const read = async (): Promise<Json> => {
      const rows = await connection.call('enclosure2.query');
      expect(returnsProblems('27.0', 'enclosure2.query', rows)).toEqual([]);
      return rows[0];
    };

    beforeAll(async () => {
      nas.simulator.control.attachShelf();
      shelf = await read();
    });

    it('agree with the disks about who sits where', async () => {
      const [disk] = await connection.call('disk.query', [[['name', '=', 'sdb']]]);
      expect(shelf.elements['Array Device Slot'][disk.enclosure.slot].dev).toBe('sdb');
      expect(shelf.elements['Array Device Slot']['24']).toMatchObject({ dev: null, status: 'Not Installed' });
    });

    it('light a slot and have a name', async () => {
      const light = async (): Promise<string> =>
        (await read()).elements['Array Device Slot']['3'].drive_bay_light_status;
      const set = (status: string, slot = 3): Promise<Json> =>
        connection.call('enclosure2.set_slot_status', [{ enclosure_id: shelf.id, slot, status }]);
      expect(await light()).toBe('OFF');
      await set('ON');
      expect(await light()).toBe('ON');
      await set('CLEAR');
      expect(await light()).toBe('OFF');
      await expect(set('ON', 99)).rejects.toMatchObject({ code: -32602 });
      await connection.call('enclosure.label.set', [shelf.id, 'cellar']);
      expect((await read()).label).toBe('cellar');
    });
  });
});
