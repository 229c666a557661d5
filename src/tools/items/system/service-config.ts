import type { ReadClient } from '../../../truenas/client.ts';
import { gapText, readPart, UNKNOWN_FORM } from '../../support/part.ts';
import { field, recordOf } from '../../support/rows.ts';
import { defineKind } from '../kind.ts';
import { SERVICES, type ServiceSettings } from './service-settings.ts';

const [FIRST, ...OTHERS] = SERVICES.map(({ method }) => method);

/** Settings of services, a row each: list_services has whether they run. Keys and passwords are left out. */
export const serviceConfig = defineKind({
  name: 'service_config',
  toolset: 'system',
  noun: 'service settings',
  about: 'how SSH, SMB, NFS, FTP, SNMP, UPS, iSCSI, NVMe-oF, S3 and WebShare are set; never keys',
  words: ['ssh settings', 'smb settings', 'nfs settings', 'snmp', 'ups', 'ftp', 'service setting'],
  sources: [{ uses: [FIRST ?? 'ssh.config', ...OTHERS], read: readAsked }],
  row: {},
  columns: {
    service: { type: 'text', from: 'service_name', isKey: true },
    ports: { type: 'texts', from: 'service_ports' },
    listens_on: { type: 'texts', from: 'service_listens' },
    settings: { type: 'text', from: 'service_settings', maxLength: 200 },
  },
  named: 'service',
  changedBy: ['control_service'],
  hides: ['id', ...hiddenFields()],
  mayLack: SERVICES.map(({ method }) => ({ method })),
  examples: [
    { args: {}, why: 'how all are set' },
    { args: { name: 'ssh' }, why: 'one service' },
  ],
  getExamples: [
    ...SERVICES.map(({ service }) => ({ args: { id: service }, why: `every setting of ${service}` })),
    { args: { id: 'gopher' }, why: 'one that is none' },
  ],
});

/** Fields that are keys, or hold passwords among other things. */
function hiddenFields(): string[] {
  const hostKeys = ['dsa', 'ecdsa', 'ed25519', 'rsa'].flatMap((kind) => [
    `host_${kind}_key`,
    `host_${kind}_key_pub`,
    `host_${kind}_key_cert_pub`,
  ]);
  return [
    ...hostKeys,
    ...['host_key', 'host_key_pub', 'privatekey', 'community', 'v3_password', 'v3_privpassphrase'],
    ...['monpwd', 'extrausers'],
  ];
}

async function readAsked(nas: ReadClient, _of: string, isAsked: (name: string) => boolean) {
  const rows = await Promise.all(
    SERVICES.filter(({ service }) => isAsked(service)).map(async (service) =>
      (await nas.has(service.method)) ? [await rowOf(nas, service)] : [],
    ),
  );
  return rows.flat();
}

/** Addresses or interfaces; none of them means all. */
function listenersOf(value: unknown): string[] | null {
  const texts = field.texts(value);
  return texts?.length === 0 ? ['all'] : texts;
}

/** A service whose settings could not be read has a row that says so. */
async function rowOf(nas: ReadClient, { service, method, ports, listens, main }: ServiceSettings) {
  const part = await readPart(nas, async (limited) => recordOf(await limited.call(method)));
  if (!('value' in part)) return { service_name: service, service_settings: gapText(part) };
  const config = part.value;
  const texts = main(config).flatMap((text) => text ?? []);
  return {
    ...config,
    service_name: service,
    service_ports: ports.flatMap((name) => field.number(config[name]) ?? []).map(String),
    service_listens: listens === undefined ? null : listenersOf(config[listens]),
    service_settings: texts.length === 0 ? gapText(UNKNOWN_FORM) : texts.join(', '),
  };
}
