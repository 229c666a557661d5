/** Troubles that `why_rebooted` finds: NASes that started two hours ago. */
import type { WireValue } from '../../src/truenas/client.ts';
import { NOW_MS } from '../support/tools.ts';
import { type Trouble, withFields } from './trouble.ts';

const MINUTE_MS = 60_000;
const BOOT_MS = NOW_MS - 120 * MINUTE_MS;

type Answers = Readonly<Record<string, WireValue>>;

const booted = withFields('system.info', { boottime: new Date(BOOT_MS) });

/** A NAS of which nothing but these answers tells of the start. */
const started = (id: string, answers: Answers = {}): Trouble => ({
  id,
  tool: 'why_rebooted',
  args: {},
  answers: (method, answer) => {
    if (method === 'alert.list') return answers[method] ?? [];
    return answers[method] ?? booted(method, answer);
  },
});

const alert = (klass: string, afterMs: number, formatted: string): WireValue => ({
  ...{ uuid: klass, node: 'A', klass, level: 'WARNING', dismissed: false, args: null, text: formatted },
  ...{ datetime: new Date(BOOT_MS + afterMs), last_occurrence: new Date(BOOT_MS + afterMs), formatted },
});

const order = (event: string): WireValue => [
  {
    ...{
      message_timestamp: (BOOT_MS - 3 * MINUTE_MS) / 1000,
      username: 'olga',
      address: '192.0.2.50',
      event,
    },
    ...{ event_data: { reason: 'new disks' }, service_data: null, success: true },
  },
];

export const REBOOT_TROUBLES: readonly Trouble[] = [
  started('reboot.unscheduled', {
    'alert.list': [alert('UnscheduledReboot', 2 * MINUTE_MS, 'nas was restarted without being shut down.')],
  }),
  started('reboot.power', {
    'alert.list': [alert('UPSOnBattery', -9 * MINUTE_MS, 'UPS ups is on battery power.')],
  }),
  started('reboot.failover', {
    'alert.list': [alert('UnscheduledReboot', 2 * MINUTE_MS, 'nas had a failover event.')],
  }),
  started('reboot.hardware', {
    'alert.list': [alert('IPMISEL', -4 * MINUTE_MS, 'Sensor Watchdog 2: hard reset')],
  }),
  started('reboot.core_dumps', {
    'alert.list': [alert('CoreFilesArePresent', 5 * MINUTE_MS, 'Core files were found: smbd.')],
  }),
  started('reboot.unexplained'),
  started('reboot.no_ups', {
    'service.query': [{ id: 1, service: 'ups', state: 'STOPPED', enable: false, pids: [] }],
  }),
  started('reboot.ordered', { 'audit.query': order('REBOOT') }),
  started('reboot.shut_down', { 'audit.query': order('SHUTDOWN') }),
  started('reboot.updated', {
    'boot.environment.query': [{ id: '27.0.0', active: true, created: new Date(BOOT_MS - 20 * MINUTE_MS) }],
  }),
  started('reboot.waiting', {
    'system.reboot.info': {
      boot_id: 'a',
      reboot_required_reasons: [{ code: 'GPOSSTIG', reason: 'The mode of security was changed.' }],
    },
  }),
];
