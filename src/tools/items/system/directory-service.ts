import type { ReadClient, WireValue } from '../../../truenas/client.ts';
import { gapText, readPart, valueOr } from '../../support/part.ts';
import { field, isObject, objectOf, oddAnswer, recordOf } from '../../support/rows.ts';
import { defineKind, joined, type WholeRows } from '../kind.ts';

const STATUS = { type: field.text, status: field.text, status_msg: field.text };
const CREDENTIAL = field.object({ username: field.text, principal: field.text, binddn: field.text });

/** Active Directory, LDAP or IPA: what the NAS is joined to, or that it is not. */
export const directoryService = defineKind({
  name: 'directory_service',
  toolset: 'system',
  noun: 'directory services',
  about: 'Active Directory, LDAP or IPA: joined or not, healthy or not, domain, account; never the password',
  words: ['active directory', 'ad', 'ldap', 'ipa', 'domain join', 'freeipa'],
  sources: [
    { uses: ['directoryservices.config'], read: currentRow },
    { uses: ['activedirectory.config', 'ldap.config'], read: oldRow },
  ],
  row: { status: joined<{ type: string | null; status: string | null; status_msg: string | null }>() },
  columns: {
    service: { type: 'text', from: 'service', isKey: true },
    enabled: { type: 'flag', from: 'enabled' },
    state: { type: 'text', value: ({ status }) => status?.status },
    domain: { type: 'text', from: 'domain' },
    servers: { type: 'texts', from: 'servers' },
    computer: { type: 'text', from: 'computer' },
    realm: { type: 'text', from: 'realm' },
    account: { type: 'text', from: 'account' },
    message: {
      type: 'text',
      value: ({ status }) => status?.status_msg,
      maxLength: 200,
      mayLack: [{ method: 'directoryservices.status' }],
    },
  },
  named: 'service',
  isSingle: true,
  joins: [
    {
      columns: ['state', 'message'],
      uses: ['directoryservices.status'],
      async read(nas) {
        const answer = await nas.call('directoryservices.status');
        // Null says that there is none; an answer without any of the fields says nothing.
        const told = recordOf(answer);
        if (!Object.keys(STATUS).some((name) => name in told))
          throw oddAnswer(answer, 'the state of the directory service');
        const status = objectOf(answer, STATUS);
        return { add: () => ({ status }) };
      },
    },
  ],
  hides: ['id', 'enable', 'kerberos_realm'],
  mayLack: [{ method: 'ldap.config' }],
  examples: [{ args: {}, why: 'what it is joined to, and whether that works' }],
  getExamples: [{ args: {}, why: 'with all settings' }],
});

/** 25.10 and later. Its settings go by the kind of service. */
async function currentRow(nas: ReadClient) {
  const {
    credential,
    configuration,
    service_type: type,
    ...rest
  } = recordOf(await nas.call('directoryservices.config'));
  const settings = isObject(configuration) ? configuration : {};
  const { target_server: server, server_urls: urls } = settings;
  const account = CREDENTIAL(credential);
  return [
    {
      ...rest,
      service: type === null ? 'none' : type,
      enabled: rest['enable'],
      domain: settings['domain'] ?? settings['basedn'],
      servers: Array.isArray(urls) ? urls : typeof server === 'string' ? [server] : null,
      computer: settings['hostname'],
      realm: rest['kerberos_realm'],
      account: account?.username ?? account?.principal ?? account?.binddn,
      settings,
    },
  ];
}

/** @throws TrueNasError (`odd-answer`) for settings that do not say whether the service is on */
function settingsOf(answer: WireValue): Record<string, unknown> {
  const settings = recordOf(answer);
  if (typeof settings['enable'] !== 'boolean') throw oddAnswer(answer, 'settings of a directory service');
  return settings;
}

/** 25.04 has one namespace for each service, of which at most one is on. */
async function oldRow(nas: ReadClient): Promise<WholeRows> {
  const [answer, part] = await Promise.all([
    nas.call('activedirectory.config'),
    readPart(nas, async (limited) => settingsOf(await limited.call('ldap.config'))),
  ]);
  const { bindpw: _, ...ad } = recordOf(answer);
  const { bindpw: _ldap, ...ldap } = valueOr(part, {} as Record<string, unknown>);
  const why = gapText(part);
  const notes = [
    ...(typeof ad['enable'] === 'boolean' ? [] : ['whether Active Directory is used could not be read']),
    ...(why === undefined ? [] : [`whether LDAP is used ${why}`]),
  ];
  if (ldap['enable'] === true) {
    const row = { service: 'LDAP', enabled: true, domain: ldap['basedn'], servers: ldap['hostname'] };
    return { rows: [{ ...row, account: ldap['binddn'], settings: ldap }], notes };
  }
  const row = {
    service: ad['enable'] === true ? 'ACTIVEDIRECTORY' : null,
    // One service that is off says nothing of the other.
    enabled: ad['enable'] === true || why === undefined ? ad['enable'] : null,
    domain: ad['domainname'],
    computer: ad['netbiosname'],
    account: ad['bindname'],
    settings: ad,
  };
  const isNone = ad['enable'] === false && ldap['enable'] === false;
  return { rows: [isNone ? { service: 'none', enabled: false } : row], notes };
}
