import { expect, test } from 'vitest';
import { pool } from '../../support/hand-made-nas.ts';
import { overview } from '../../support/overview.ts';

test('a healthy NAS stays OK', async () => {
  expect(await overview({})).toMatch(/^OK/u);
});

test('an ONLINE pool with lost data is CRITICAL, as TrueNAS says', async () => {
  const row = pool({
    healthy: false,
    status_code: 'CORRUPT_DATA',
    status_detail: 'One or more devices has experienced an error resulting in data corruption.',
  });
  expect(await overview({ 'pool.query': [row] })).toMatch(/^CRITICAL/u);
});

test('what reads as 95 % full is critical, and dismissed alerts are counted', async () => {
  const row = pool({ size: 1000, allocated: 946, free: 54 });
  const dismissed = { uuid: '1', klass: 'X', level: 'CRITICAL', dismissed: true, formatted: 'old' };
  const text = await overview({ 'pool.query': [row], 'alert.list': [dismissed] });
  expect(text).toContain('CRITICAL pool tank 95 % full');
  expect(text).toContain('0 active alerts (1 dismissed)');
});
