import { describe, expect, test } from 'vitest';
import type { WireValue } from '../../../../src/truenas/index.ts';
import { ago, ask } from '../../support/hand-made-nas.ts';
import { overview } from '../../support/overview.ts';

describe('an alert of the standby controller', () => {
  const alert: WireValue = {
    uuid: '1',
    node: 'Standby Controller (B)',
    klass: 'BootPoolStatus',
    level: 'CRITICAL',
    dismissed: false,
    datetime: ago(1),
    last_occurrence: ago(1),
    text: '',
    formatted: 'Boot pool status is DEGRADED: Gone.',
  };
  test('says whose it is', async () => {
    expect(await overview({ 'alert.list': [alert] })).toContain(
      'alert Standby Controller (B): Boot pool status is DEGRADED',
    );
    expect((await ask({ 'alert.list': [alert] }, 'list_alerts')).text).toContain(
      'Standby Controller (B): Boot pool',
    );
  });
  test('is not said by what this controller sees of its own', async () => {
    const boot = {
      name: 'boot-pool',
      status: 'DEGRADED',
      healthy: false,
      status_detail: 'Gone.',
      scan: null,
    };
    expect(await overview({ 'boot.get_state': boot, 'alert.list': [alert] })).toContain(
      'Standby Controller (B)',
    );
  });
});
