import { describe, expect, test } from 'vitest';
import { askTool, refusing, useTools } from '../../../support/tools.ts';
import { type Answers, ask } from '../../support/hand-made-nas.ts';

describe('failover of a NAS with one controller', () => {
  const benches = { '25.04': useTools({ release: '25.04' }), '27.0': useTools({ release: '27.0' }) };

  test.each(['25.04', '27.0'] as const)('says so on %s', async (release) => {
    expect(await benches[release].ask('list_items', { kind: 'failover' })).toBe(
      [
        '1 failover state',
        '(SINGLE: this NAS is one controller, so that there is nothing to fail over to)',
        'licensed  state   node    disabled  timeout_seconds  reasons',
        'no        SINGLE  MANUAL  no        0                -',
      ].join('\n'),
    );
  });

  test('a part that is not allowed leaves the others', async () => {
    const nas = refusing(benches['27.0'].nas, 'failover.status');
    const text = await askTool(nas, 'get_item', { kind: 'ha' });
    expect(text).toContain('state: could not be read (not allowed for this API key, role FAILOVER_READ)');
    expect(text).toContain('licensed: no');
  });
});

describe('on 25.10, which keeps most of its hardware to itself', () => {
  const bench = useTools({ release: '25.10' });

  test('failover says that it is not told', async () => {
    const text = await bench.ask('list_items', { kind: 'failover' });
    expect(text).toContain(
      '(this release does not tell whether there is a second controller: only reasons are known)',
    );
    expect(text).toMatch(/^- +- +- +- +- +-$/mu);
  });

  test.each(['sensor', 'enclosure_slot'])('%s is named as missing there', async (kind) => {
    expect(await bench.ask('list_items', { kind })).toMatch(/TrueNAS 25\.10 has no .* \(it lacks /u);
  });

  test('Fibre Channel ports come with state and target', async () => {
    expect(await bench.ask('list_items', { kind: 'fc_port' })).toBe(
      [
        '2 Fibre Channel ports',
        'port  target  state     speed    sessions  wwpn',
        'fc0   esx     Online    16 Gbit  0         naa.2100001122334455',
        'fc1   -       Linkdown  unknown  0         naa.2100001122334456',
      ].join('\n'),
    );
  });
});

describe('sensors of the management controller (25.04)', () => {
  const bench = useTools({ release: '25.04' });

  test('come with their reading, unit and limits', async () => {
    expect(await bench.ask('list_items', { kind: 'sensor' })).toBe(
      [
        '5 sensors',
        'name        type          state     reading      low     high',
        '12V         Voltage       Nominal   12.06 V      10.30   13.26',
        'CPU Temp    Temperature   Nominal   41.00 C      5.00    95.00',
        'FAN1        Fan           Nominal   1400.00 RPM  300.00  25300.00',
        'FAN2        Fan           Critical  200.00 RPM   300.00  25300.00',
        'PS2 Status  Power Supply  N/A       -            -       -',
      ].join('\n'),
    );
  });

  test('what is not well is found', async () => {
    const { data } = await bench.answer('list_items', {
      kind: 'fan',
      filter: ['state=Critical'],
      fields: ['event'],
    });
    expect(data.rows).toEqual([{ name: 'FAN2', event: ['At or Below (<=) Lower Critical Threshold'] }]);
  });
});

describe('a shelf (27.0)', () => {
  const bench = useTools({ release: '27.0' });

  test('tells its bays, in their order, and where a disk sits', async () => {
    bench.simulator.control.attachShelf();
    const { data } = await bench.answer('list_items', { kind: 'enclosure_slot', fields: ['slot', 'disk'] });
    const slots = data.rows.map((row: { slot: number }) => row.slot);
    expect(slots.length).toBeGreaterThan(8);
    expect(slots).toEqual(slots.toSorted((a: number, b: number) => a - b));
    const text = await bench.ask('get_item', { kind: 'bay', id: 'sda' });
    expect(text).toMatch(/^disk: sda$/mu);
    expect(text).toMatch(/^place: front$/mu);
  });

  test('its fans and power supplies are sensors, its bays are not', async () => {
    const answers: Answers = {
      'ipmi.sensors.query': [],
      'enclosure2.query': [
        {
          id: '500a',
          name: 'shelf',
          label: 'upper shelf',
          elements: {
            'Array Device Slot': { 1: { dev: 'sda', status: 'OK', is_front: true } },
            Cooling: { 30: { descriptor: 'Fan 1', status: 'Critical', value: 'RPM=0' } },
            'Power Supply': { 40: { status: 'OK', value: null } },
          },
        },
      ],
    };
    const nas = { kind: 'sensor', fields: ['type', 'state', 'reading'] };
    const { data } = await ask(answers, 'list_items', nas, '27.0');
    expect((data as { rows: unknown[] }).rows).toEqual([
      { name: 'upper shelf Fan 1', type: 'Cooling', state: 'Critical', reading: 'RPM=0' },
      { name: 'upper shelf Power Supply 40', type: 'Power Supply', state: 'OK' },
    ]);
  });
});
