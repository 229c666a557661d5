/** Disks that cannot be told apart by one name, or about which two sources say different things. */
import type { NasCase } from '../support/nas-case.ts';
import { alert, dataset, disk, diskDetails, member, pool, vdev } from '../support/rows.ts';

const PAIR = [vdev('mirror-0', 'MIRROR', [member('sda'), member('sdb')])];

export const DISKS: readonly NasCase[] = [
  {
    id: 'D-one-serial-by-name',
    input: 'two disks in one dock have one serial; one is asked for by its name',
    answers: {
      'disk.query': [disk('sdk', { serial: 'DOCK-0001' }), disk('sdl', { serial: 'DOCK-0001', pool: null })],
    },
    call: { tool: 'get_disk', args: { disk: 'sdk' } },
    expect: { isError: false, must: ['sdl'] },
    right: 'says that sdl has the same serial, so that nobody pulls the wrong one',
  },
  {
    id: 'D-one-serial-by-lunid',
    input: 'two disks of one serial are asked for by it',
    answers: {
      'disk.query': [
        disk('sdk', { serial: 'DOCK-0001', lunid: null }),
        disk('sdl', { serial: 'DOCK-0001', lunid: null }),
      ],
    },
    call: { tool: 'get_disk', args: { disk: 'dock-0001' } },
    expect: { must: ['sdk', 'sdl'] },
    right: 'names both',
  },
  {
    id: 'D-two-paths',
    input: 'one disk on two paths, told by its lunid only; the path in use is not the one without a pool',
    answers: {
      'disk.query': [
        disk('sda', { lunid: '5000cca0deadbeef' }),
        disk('sdb'),
        disk('sdy', { serial: 'SN-SDA', lunid: '5000cca0deadbeef', pool: null }),
      ],
      'disk.details': {
        used: [diskDetails('sda'), diskDetails('sdb')],
        unused: [diskDetails('sdy', { pool: null, imported_zpool: null })],
      },
    },
    call: { tool: 'list_disks', args: { unused: true } },
    expect: { isError: false, must: ['sda|NOT FREE'], mustNot: ['^1 disk ?$'] },
    right: 'sdy is another path to sda, which holds amber',
  },
  {
    id: 'D-two-free-paths',
    input: 'one free disk on two paths',
    answers: {
      'disk.query': [
        disk('sda'),
        disk('sdb'),
        disk('sdm', { serial: 'FREE-1', lunid: '5000cca0cafe0001', pool: null }),
        disk('sdn', { serial: 'FREE-1', lunid: '5000cca0cafe0001', pool: null }),
      ],
      'disk.details': {
        used: [diskDetails('sda'), diskDetails('sdb')],
        unused: [
          diskDetails('sdm', {
            serial: 'FREE-1',
            pool: null,
            imported_zpool: null,
            duplicate_serial: ['sdn'],
          }),
          diskDetails('sdn', {
            serial: 'FREE-1',
            pool: null,
            imported_zpool: null,
            duplicate_serial: ['sdm'],
          }),
        ],
      },
    },
    call: { tool: 'list_disks', args: { unused: true } },
    expect: { isError: false, must: ['sdm', 'sdn', 'same (?:disk|serial)|one disk|two paths|both'] },
    right: 'says that the two are one disk, not two free ones',
  },
  {
    id: 'D-member-without-row',
    input: 'a member of a pool that disk.query does not list',
    answers: {
      'pool.query': [
        pool('amber', {}, { data: [vdev('mirror-0', 'MIRROR', [member('sda'), member('sdq')])] }),
      ],
    },
    call: [
      { tool: 'get_disk', args: { disk: 'sdq' } },
      { tool: 'get_pool', args: { pool: 'amber' } },
    ],
    expect: { isError: false, must: ['pool: amber', 'sdq ONLINE'] },
    right: 'sdq is told from the layout of amber; its row is missing',
  },
  {
    id: 'D-member-not-listed',
    input: 'the disks of a pool are listed while one of them has no row',
    answers: {
      'pool.query': [
        pool('amber', {}, { data: [vdev('mirror-0', 'MIRROR', [member('sda'), member('sdq')])] }),
      ],
      'disk.query': [disk('sda')],
    },
    call: { tool: 'list_disks', args: { pool: 'amber' } },
    expect: { isError: false, must: ['sdq'] },
    right: 'a note names sdq, which is in the pool and not in the list',
  },
  {
    id: 'D-no-name',
    input: 'a disk whose name is empty',
    answers: { 'disk.query': [disk('sda'), disk('sdb', { name: '', devname: '', serial: 'NAMELESS-7' })] },
    call: { tool: 'list_disks' },
    expect: { isError: false, must: ['2 disks', 'NAMELESS-7'] },
    right: 'listed by its serial',
  },
  {
    id: 'D-no-name-found',
    input: 'a disk whose name is null is asked for by its serial',
    answers: {
      'disk.query': [disk('sda'), disk('sdb', { name: null, devname: null, serial: 'NAMELESS-7' })],
    },
    call: { tool: 'get_disk', args: { disk: 'NAMELESS-7' } },
    expect: { isError: false, must: ['serial: NAMELESS-7'] },
    right: 'shown; where it is in the pool cannot be told without a name',
  },
  {
    id: 'D-empty-argument',
    input: 'an empty name for a disk',
    answers: { 'disk.query': [disk('sda', { serial: '' }), disk('sdb', { serial: '' })] },
    call: { tool: 'get_disk', args: { disk: '' } },
    expect: { isError: true, mustNot: ['serial:'] },
    right: 'refused, instead of the first disk without a serial',
  },
  {
    id: 'D-slash-argument',
    input: '/dev/ alone as the name of a disk',
    answers: { 'disk.query': [disk('sda', { serial: '' })] },
    call: { tool: 'get_disk', args: { disk: '/dev/' } },
    expect: { isError: true, mustNot: ['serial:'] },
    right: 'refused',
  },
  {
    id: 'D-query-against-topology',
    input: 'disk.query has sdb in "old", the layout of amber has it too',
    answers: { 'disk.query': [disk('sda'), disk('sdb', { pool: 'old' })] },
    call: { tool: 'get_disk', args: { disk: 'sdb' } },
    expect: { isError: false, must: ['amber', 'old'] },
    right: 'both are told, and that they differ',
  },
  {
    id: 'D-details-against-query',
    input: 'disk.details has sdc in use by another pool than none',
    answers: {
      'disk.query': [disk('sda'), disk('sdb'), disk('sdc', { pool: null })],
      'disk.details': {
        used: [
          diskDetails('sda'),
          diskDetails('sdb'),
          diskDetails('sdc', { pool: null, imported_zpool: 'birch' }),
        ],
        unused: [],
      },
    },
    call: { tool: 'list_disks', args: { unused: true } },
    expect: { isError: false, must: ['birch|^No |^0 '], mustNot: ['^1 disk ?$'] },
    right: 'sdc is not offered as free',
  },
  {
    id: 'D-exported',
    input: 'a disk that holds an exported pool',
    answers: {
      'disk.query': [disk('sda'), disk('sdb'), disk('sdc', { pool: null })],
      'disk.details': {
        used: [diskDetails('sda'), diskDetails('sdb')],
        unused: [diskDetails('sdc', { pool: null, imported_zpool: null, exported_zpool: 'attic' })],
      },
    },
    call: [
      { tool: 'list_disks', args: { unused: true } },
      { tool: 'get_disk', args: { disk: 'sdc' } },
    ],
    expect: { isError: false, must: ['NOT FREE[^\\n]*attic', 'attic'], mustNot: ['pool: none$'] },
    right: 'not free: it holds attic',
  },
  {
    id: 'D-details-unread',
    input: 'whether a disk holds an exported pool cannot be read',
    answers: {
      'disk.query': [disk('sda'), disk('sdb'), disk('sdc', { pool: null })],
      'disk.details': null,
    },
    call: { tool: 'list_disks', args: { unused: true } },
    expect: { isError: false, must: ['sdc', 'could not be read|unknown'] },
    right: 'listed, with the word that this is not known',
  },
  {
    id: 'D-shared-spare',
    input: 'a spare that two pools share works for one of them; the other calls it UNAVAIL',
    answers: {
      'pool.query': [
        pool(
          'amber',
          { status: 'DEGRADED', healthy: false, status_detail: 'A device is faulted.' },
          {
            data: [
              vdev(
                'mirror-0',
                'MIRROR',
                [
                  member('sda'),
                  vdev('spare-1', 'SPARE', [member('sdb', 'FAULTED'), member('sdq')], 'DEGRADED'),
                ],
                'DEGRADED',
              ),
            ],
            spare: [member('sdq', 'UNAVAIL')],
          },
        ),
        pool(
          'birch',
          {},
          {
            data: [vdev('mirror-0', 'MIRROR', [member('sdc'), member('sdd')])],
            spare: [member('sdq', 'UNAVAIL')],
          },
        ),
      ],
      'pool.dataset.query': [dataset('amber'), dataset('birch')],
    },
    call: [{ tool: 'system_overview' }, { tool: 'get_pool', args: { pool: 'birch' } }],
    expect: { verdict: 'CRITICAL', mustNot: ['birch ONLINE:', 'sdq UNAVAIL'] },
    right: 'sdq is in use by amber; birch lacks nothing but its spare, which is no trouble of its own',
  },
  {
    id: 'D-nameless-spare',
    input: 'a spare that is gone, known by its guid only',
    answers: {
      'pool.query': [
        pool(
          'amber',
          {},
          { data: PAIR, spare: [member('sdq', 'UNAVAIL', { disk: null, device: null, name: '8816044932' })] },
        ),
      ],
    },
    call: [{ tool: 'system_overview' }, { tool: 'list_pools' }],
    expect: { verdict: 'WARNING', must: ['spare', '8816044932'] },
    right: 'WARNING: the spare cannot be used',
  },
  {
    id: 'D-good-spare',
    input: 'a spare that waits',
    answers: { 'pool.query': [pool('amber', {}, { data: PAIR, spare: [member('sdq', 'AVAIL')] })] },
    call: { tool: 'system_overview' },
    expect: { verdict: 'OK' },
    right: 'OK',
  },
  {
    id: 'D-cache-gone',
    input: 'the cache device is FAULTED, the pool calls itself healthy',
    answers: { 'pool.query': [pool('amber', {}, { data: PAIR, cache: [member('nvme2n1', 'FAULTED')] })] },
    call: { tool: 'system_overview' },
    expect: { verdict: 'WARNING', must: ['nvme2n1'] },
    right: 'WARNING: parts outside the data vdevs are judged too',
  },
  {
    id: 'D-healthy-with-faulted',
    input: 'a member is FAULTED, the pool calls itself ONLINE and healthy',
    answers: {
      'pool.query': [
        pool(
          'amber',
          {},
          { data: [vdev('mirror-0', 'MIRROR', [member('sda'), member('sdb', 'FAULTED')], 'DEGRADED')] },
        ),
      ],
    },
    call: { tool: 'system_overview' },
    expect: { must: ['sdb'], mustNot: ['^OK'] },
    right: 'not OK: the layout says otherwise',
  },
  {
    id: 'D-implausible',
    input: 'temperatures that cannot be: −128, 127, 900',
    answers: {
      'disk.temperatures': { sda: -128, sdb: 900, nvme0n1: 255, nvme1n1: 40 },
      'disk.temperature_agg': { sdb: { min: -128, max: 900, avg: 300 } },
    },
    call: [
      { tool: 'system_overview' },
      { tool: 'list_disks', args: { fields: ['temp'] } },
      { tool: 'get_disk', args: { disk: 'sdb' } },
    ],
    expect: {
      isError: false,
      mustNot: ['CRITICAL disk', 'hottest sdb', '^sdb +900 °C$', '900 °C now,'],
    },
    right: 'readings that cannot be are called so, and are no heat',
  },
  {
    id: 'D-implausible-only',
    input: 'no disk has a temperature that can be',
    answers: { 'disk.temperatures': { sda: 255, sdb: 255 } },
    call: { tool: 'system_overview' },
    expect: {
      must: ['implausible|cannot be|not plausible|unknown|could not be read'],
      mustNot: ['^OK', 'CRITICAL disk'],
    },
    right: 'the temperatures are not known',
  },
  {
    id: 'D-hot-is-hot',
    input: 'a disk at 74 °C',
    answers: { 'disk.temperatures': { sda: 33, sdb: 74 } },
    call: { tool: 'system_overview' },
    expect: { verdict: 'CRITICAL', must: ['sdb 74 °C'] },
    right: 'CRITICAL: heat that can be is believed',
  },
  {
    id: 'D-partition-member',
    input: 'a member that has a device and no disk',
    answers: {
      'pool.query': [
        pool(
          'amber',
          {},
          {
            data: [
              vdev('mirror-0', 'MIRROR', [
                member('sda'),
                member('sdc', 'ONLINE', { disk: null, device: 'sdc1' }),
              ]),
            ],
          },
        ),
      ],
      'disk.query': [disk('sda'), disk('sdc', { pool: null })],
    },
    call: [
      { tool: 'get_disk', args: { disk: 'sdc' } },
      { tool: 'list_disks', args: { unused: true } },
    ],
    expect: { isError: false, must: ['amber'], mustNot: ['pool: none'] },
    right: 'sdc1 is a partition of sdc, which is therefore in amber',
  },
  {
    id: 'D-alert-about-disk',
    input: 'two alerts about disks of which one name is within the other',
    answers: {
      'alert.list': [
        alert({ uuid: 'a', klass: 'SMART', formatted: 'Device /dev/sda: 8 pending sectors.' }),
        alert({ uuid: 'b', klass: 'SMART', formatted: 'Device /dev/sdaa: 8 pending sectors.' }),
      ],
    },
    call: { tool: 'system_overview' },
    expect: { verdict: 'WARNING', must: ['/dev/sda:', '/dev/sdaa:'] },
    right: 'both',
  },
];
