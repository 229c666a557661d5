import { field, objectOf, recordOf } from '../../support/rows.ts';
import { defineKind, joined } from '../kind.ts';

const SUMMARY = { default_routes: field.texts, nameservers: field.texts };
const ACTIVITY = field.object({ type: field.text, activities: field.texts });

/** The network as a whole: one set of settings, and what is in use of it. */
export const network = defineKind({
  name: 'network',
  toolset: 'network',
  noun: 'network settings',
  about: 'host name, domain, DNS servers, default gateways, search domains, proxy, announcements',
  words: ['dns', 'name server', 'nameserver', 'gateway', 'hostname', 'host name', 'domain', 'proxy'],
  sources: [
    {
      uses: ['network.configuration.config'],
      read: async (nas) => [recordOf(await nas.call('network.configuration.config'))],
    },
  ],
  row: {
    nameserver1: field.text,
    nameserver2: field.text,
    nameserver3: field.text,
    ipv4gateway: field.text,
    ipv6gateway: field.text,
    service_announcement: field.record,
    activity: ACTIVITY,
    summary: joined<{ default_routes: string[] | null; nameservers: string[] | null }>(),
  },
  columns: {
    hostname: { type: 'text', from: 'hostname', isKey: true, sort: 'asc' },
    domain: { type: 'text', from: 'domain' },
    gateways: {
      type: 'texts',
      value: ({ summary }) => known(summary?.default_routes),
      mayLack: [{ method: 'network.general.summary' }],
    },
    dns: { type: 'texts', value: ({ summary }) => known(summary?.nameservers) },
    set_gateways: { type: 'texts', value: (row) => known([row.ipv4gateway, row.ipv6gateway]) },
    set_dns: { type: 'texts', value: (row) => known([row.nameserver1, row.nameserver2, row.nameserver3]) },
    search: { type: 'texts', from: 'domains' },
    proxy: { type: 'text', from: 'httpproxy' },
    announced_by: { type: 'texts', value: (row) => switchedOn(row.service_announcement) },
    outbound: { type: 'text', value: ({ activity }) => outboundOf(activity) },
    hosts: { type: 'texts', from: 'hosts', isOnDemand: true },
  },
  named: 'hostname',
  isSingle: true,
  joins: [
    {
      columns: ['gateways', 'dns'],
      uses: ['network.general.summary'],
      async read(nas) {
        const summary = objectOf(await nas.call('network.general.summary'), SUMMARY);
        return { add: () => ({ summary }) };
      },
    },
  ],
  hides: ['id', 'state', 'hostname_local'],
  examples: [{ args: {}, why: 'DNS and gateways, in use and as set' }],
  getExamples: [{ args: {}, why: 'all of it' }],
});

/** The servers that are named; null where one of them is not known. */
function known(texts: readonly (string | null)[] | null | undefined): string[] | null {
  if (texts === null || texts === undefined) return null;
  const named = texts.flatMap((text) => (text === null ? [] : [text]));
  return named.length === texts.length ? named.filter((text) => text !== '') : null;
}

/** Ways of announcing that are on. */
function switchedOn(ways: Record<string, unknown> | null): string[] | null {
  return ways && Object.keys(ways).filter((way) => ways[way] === true);
}

/** Which features may call out: a list of those that may, or of those that may not. */
function outboundOf(activity: { type: string | null; activities: string[] | null } | null): string | null {
  if (activity === null || activity.activities === null) return null;
  const list = activity.activities.join(', ');
  if (activity.type === 'ALLOW') return list === '' ? 'nothing' : `only ${list}`;
  if (activity.type === 'DENY') return list === '' ? 'everything' : `all but ${list}`;
  return null;
}
