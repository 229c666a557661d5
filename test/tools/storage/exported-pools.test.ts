import { describe, expect, test } from 'vitest';
import { ask } from '../support/hand-made-nas.ts';

describe('a disk of an exported pool', () => {
  const answers = {
    'disk.query': [{ name: 'sdn', serial: 'ZL2X', model: 'ST16', pool: null, size: 16e12, type: 'HDD' }],
    'disk.details': { used: [{ name: 'sdn', imported_zpool: null, exported_zpool: 'archive' }], unused: [] },
    'disk.temperatures': {},
    'disk.temperature_agg': {},
  };
  test('is not offered as unused', async () => {
    const { text } = await ask(
      {
        ...answers,
        'disk.query': (params) => ((params[1] as { count?: boolean }).count ? 1 : answers['disk.query']),
      },
      'list_disks',
      { unused: true },
    );
    expect(text).toContain('NOT FREE, they hold an exported pool: sdn (archive)');
  });
  test('get_disk', async () => {
    expect((await ask(answers, 'get_disk', { disk: 'sdn' })).text).toContain(
      'holds the exported pool archive',
    );
  });
});
