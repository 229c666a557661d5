/** Where alerts are sent on to. */
import { isAtLeast, type SimRelease } from '../releases.ts';
import type { Random } from './random.ts';
import { createTable, type Table, type TableRow } from './table.ts';

/** A service that alerts are sent to; `attributes` hold its kind and what it needs. */
export interface AlertService extends TableRow {
  readonly name: string;
  readonly attributes: Readonly<Record<string, unknown>> & { readonly type: string };
  readonly level: string;
  readonly enabled: boolean;
}

/** The services of the default world: mail to the administrator, and a chat that is switched off. */
export function createAlertServices(random: Random): Table<AlertService> {
  return createTable<AlertService>([
    {
      name: 'mail to the administrator',
      attributes: { type: 'Mail', email: 'admin@example.com' },
      level: 'WARNING',
      enabled: true,
    },
    {
      name: 'operations chat',
      attributes: { type: 'Slack', url: `https://hooks.slack.example/services/T0/B0/${random.hex(24)}` },
      level: 'CRITICAL',
      enabled: false,
    },
  ]);
}

/** Titles of the kinds of services, by the name the API has for them. */
export const SERVICE_TITLES: Readonly<Record<string, string>> = {
  AWSSNS: 'AWS SNS',
  InfluxDB: 'InfluxDB',
  Mail: 'Email',
  Mattermost: 'Mattermost',
  OpsGenie: 'OpsGenie',
  PagerDuty: 'PagerDuty',
  Slack: 'Slack',
  SNMPTrap: 'SNMP Trap',
  Telegram: 'Telegram',
  VictorOps: 'Splunk On-Call',
};

/** A service as the release shows it: 25.04 keeps the kind beside the attributes. */
export function alertServiceRow(release: SimRelease, service: AlertService): Record<string, unknown> {
  const { attributes, ...rest } = service;
  const title = SERVICE_TITLES[attributes.type] ?? attributes.type;
  if (isAtLeast(release, '25.10')) return { ...rest, attributes, type__title: title };
  const { type, ...others } = attributes;
  return { ...rest, type, attributes: others, type__title: title };
}
