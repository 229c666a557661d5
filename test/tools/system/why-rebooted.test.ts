import { expect, test } from 'vitest';
import { TrueNasError } from '../../../src/truenas/errors.ts';
import type { WireValue } from '../../../src/truenas/client.ts';
import { NOW_MS, runTool, toolNamed, useTools } from '../../support/tools.ts';

const bench = useTools({ release: '27.0' });
const trouble = useTools({ release: '25.10', world: 'trouble' });

const MINUTE_MS = 60_000;
const BOOT_MS = NOW_MS - 120 * MINUTE_MS;

/** The answer of a NAS that started two hours ago, with this audit log. */
async function started(log: (method: string) => WireValue): Promise<string> {
  const whole = bench.nas;
  const nas = {
    ...whole,
    origin: undefined,
    call: async (...[method, params, options]: Parameters<typeof whole.call>) => {
      if (method === 'audit.query') return log(method);
      if (method === 'alert.list') return [];
      const answer = await whole.call(method, params, options);
      return method === 'system.info' ? { ...(answer as object), boottime: new Date(BOOT_MS) } : answer;
    },
  };
  return (await runTool(nas, toolNamed('why_rebooted'))).text;
}

const entry = (event: string, beforeMs: number): WireValue => ({
  ...{ message_timestamp: (BOOT_MS - beforeMs) / 1000, username: 'olga', address: '192.0.2.50', event },
  ...{ event_data: { reason: 'new disks', description: null }, service_data: null, success: true },
});

test('a start without an order is told with what else is known of it', async () => {
  expect(await trouble.ask('why_rebooted')).toMatchInlineSnapshot(`
    "WARNING: the NAS started 2026-02-27 12:00Z, 2 d ago; what points to a cause is below
    WARNING not shut down in order [reboot.unscheduled]: the start of 2026-02-27 12:00Z (2026-02-27 12:03Z: nas.example.org was restarted without being shut down. It is back online.) → check power and the event log of the board (BMC), get_metrics of cpu_temperature before it, and /var/log/messages of that minute
    NOTE no UPS is watched [reboot.no_ups]: the NAS → Services > UPS
    last entry of the audit log before it: 2026-02-25 09:40Z by truenas_admin: LOGIN_PASSWORD as truenas_admin (long before: says little)
    version 25.10.6, up 2 d
    Not in the API: log of the kernel, event log of the board (BMC), power of the house. recent_changes shows what was done around it."
  `);
});

test('why the NAS started before the audit log begins is unknown', async () => {
  const text = await bench.ask('why_rebooted');
  expect(text).toMatch(/^UNKNOWN: .* why is not known/u);
  expect(text).toContain('who ordered it, if anybody did (the audit log goes back 7 days)');
  expect(text).not.toContain('reboot.unexplained');
});

test('an order is told with who gave it, from where and why', async () => {
  const text = await started(() => [entry('REBOOT', 2 * MINUTE_MS)]);
  expect(text).toContain('olga from 192.0.2.50, 2026-03-01 09:58Z, reason: new disks');
  expect(text).not.toContain('reboot.unexplained');
});

test('an order after which the NAS worked on is not why it started', async () => {
  const text = await started(() => [entry('METHOD_CALL', 5 * MINUTE_MS), entry('REBOOT', 60 * MINUTE_MS)]);
  expect(text).toContain('reboot.unexplained');
  expect(text).not.toContain('reboot.ordered');
});

test('a shutdown of days ago is an order, as somebody had to switch it on', async () => {
  const text = await started(() => [entry('SHUTDOWN', 3 * 24 * 60 * MINUTE_MS)]);
  expect(text).toContain('reboot.shut_down');
});

test('an audit log that cannot be read explains nothing and accuses nobody', async () => {
  const text = await started((method) => {
    throw new TrueNasError('not-authorized', { summary: 'Not authorized.', nextStep: '', method });
  });
  expect(text).toMatch(/^UNKNOWN: .* why is not known/u);
  expect(text).toContain('audit log could not be read');
  expect(text).not.toContain('reboot.unexplained');
});
