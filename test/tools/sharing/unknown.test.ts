/** What could not be read of a share is unknown: never "any", "none", "no LUN", nor "no such share". */
import { describe, expect, test } from 'vitest';
import { TrueNasError } from '../../../src/truenas/errors.ts';
import { askTool } from '../../support/tools.ts';
import { type Answers, ask, nasWith } from '../support/hand-made-nas.ts';

const down = new TrueNasError('timeout', { summary: 'The NAS did not answer.', nextStep: 'Try again.' });

const group = { portal: 1, initiator: 1, authmethod: 'NONE', auth: null };
const target = { id: 1, name: 'lab', alias: null, mode: 'ISCSI', groups: [group], auth_networks: [] };
const extent = { id: 1, path: 'zvol/tank/lab', enabled: true, ro: false, locked: false, filesize: '0' };
const iscsi = {
  'iscsi.target.query': [target],
  'iscsi.targetextent.query': [{ id: 1, target: 1, lunid: 0, extent: 1 }],
  'iscsi.extent.query': [extent],
  'iscsi.initiator.query': [{ id: 1, initiators: ['iqn.2011-03.example:one'] }],
  'iscsi.portal.query': [{ id: 1, listen: [{ ip: '192.0.2.1', port: 3260 }] }],
};

const subsystem = { id: 1, name: 'fast', subnqn: 'nqn.x', allow_any_host: false, hosts: [5] };
const port = { addr_trtype: 'TCP', addr_traddr: '192.0.2.1', addr_trsvcid: 4420, enabled: true };
const nvmeof = {
  'nvmet.subsys.query': [subsystem],
  'nvmet.namespace.query': [
    { id: 1, nsid: 1, subsys: { id: 1 }, device_path: 'zvol/tank/fast', enabled: true, locked: false },
  ],
  'nvmet.host.query': [{ id: 5, hostnqn: 'nqn.host' }],
  'nvmet.port_subsys.query': [{ id: 1, subsys: { id: 1 }, port }],
};

const why = 'could not be read (The NAS did not answer.)';

describe.each<[string, Answers, string]>([
  ['iscsi.targetextent.query', iscsi, `LUNs: UNKNOWN, ${why}`],
  ['iscsi.extent.query', iscsi, `LUN 0: UNKNOWN, ${why}`],
  ['iscsi.initiator.query', iscsi, `initiators allowed: UNKNOWN, ${why}`],
  ['iscsi.portal.query', iscsi, `listens on: UNKNOWN, ${why}`],
  ['nvmet.namespace.query', nvmeof, `namespaces: UNKNOWN, ${why}`],
  ['nvmet.host.query', nvmeof, `hosts allowed: host 5; their names ${why}`],
  ['nvmet.port_subsys.query', nvmeof, `listens on: UNKNOWN, ${why}`],
])('without %s', (method, answers, fact) => {
  const share = answers === iscsi ? 'lab' : 'fast';

  test('get_share shows the rest, and says of the part that it is unknown', async () => {
    const { text } = await ask({ ...answers, [method]: down }, 'get_share', { share });
    expect(text).toContain(fact);
  });

  test('list_shares lists the share', async () => {
    const { data } = await ask({ ...answers, [method]: down }, 'list_shares');
    expect(data.rows).toMatchObject([{ name: share }]);
  });
});

test.each<[string, Answers, string]>([
  ['a LUN of an unknown target', { 'iscsi.targetextent.query': [{ id: 1, target: 'odd' }] }, 'LUNs: UNKNOWN'],
  ['groups of another form', { 'iscsi.target.query': [{ ...target, groups: 'odd' }] }, 'listens on: UNKNOWN'],
  [
    'a way to sign in of another form',
    { 'iscsi.target.query': [{ ...target, groups: [{ ...group, authmethod: 7 }] }] },
    'authentication: UNKNOWN',
  ],
  ['a portal without addresses', { 'iscsi.portal.query': [{ id: 1 }] }, 'listens on: portal 1 UNKNOWN'],
  ['an extent that is not there', { 'iscsi.extent.query': [] }, 'LUN 0: UNKNOWN, extent 1'],
  [
    'an extent that may be writable',
    { 'iscsi.extent.query': [{ ...extent, ro: 'yes' }] },
    'UNKNOWN whether read only',
  ],
])('%s is unknown', async (_, odd, fact) => {
  expect((await ask({ ...iscsi, ...odd }, 'get_share', { share: 'lab' })).text).toContain(fact);
});

test('a subsystem that may let in any host is not said to let in those that are listed', async () => {
  const answers = { ...nvmeof, 'nvmet.subsys.query': [{ ...subsystem, allow_any_host: 'yes' }] };
  const { data } = await ask(answers, 'list_shares', { kind: 'nvmeof' });
  expect(data.rows[0].clients).toMatch(/^UNKNOWN/u);
});

const nfs = {
  ...{ id: 1, path: '/mnt/tank/a', enabled: true, ro: true, networks: [], hosts: [], aliases: [] },
  ...{ maproot_user: null, maproot_group: null, mapall_user: null, mapall_group: null },
  ...{ security: [], expose_snapshots: false },
};

test.each<[string, object, string]>([
  ['security', { security: 'SYS' }, 'security: UNKNOWN'],
  ['security', { security: undefined }, 'security: UNKNOWN'],
  ['the mapping of root', { maproot_user: undefined }, 'root is mapped to: UNKNOWN'],
  ['the mapping of everybody', { mapall_user: 0 }, 'root is mapped to: UNKNOWN'],
  ['read only', { ro: 1 }, 'read only: UNKNOWN'],
  ['other names', { aliases: [7] }, 'aliases: UNKNOWN'],
])('an NFS export of which %s is odd', async (_, odd, fact) => {
  const answers = { 'sharing.nfs.query': [{ ...nfs, ...odd }] } as Answers;
  expect((await ask(answers, 'get_share', { share: '1', kind: 'nfs' })).text).toContain(fact);
});

const smb25_04 = {
  id: 1,
  name: 'a',
  path: '/mnt/tank/a',
  enabled: true,
  ro: false,
  purpose: 'DEFAULT_SHARE',
};

test.each<[string, object, string]>([
  ['guests who may be let in', { guestok: 'yes' }, 'guests: UNKNOWN'],
  ['guests who are let in', { guestok: true }, 'guests: allowed WITHOUT a password'],
  ['no guests', { guestok: false }, 'guests: not allowed'],
  ['read only by its older name', { ro: true }, 'read only: yes'],
  ['a referral', { path: 'EXTERNAL:filer\\docs' }, 'refers to: filer\\docs, which decides who may connect'],
])('an SMB share of 25.04 with %s', async (_, odd, fact) => {
  const answers = { 'sharing.smb.query': [{ ...smb25_04, ...odd }] } as Answers;
  expect((await ask(answers, 'get_share', { share: 'a' }, '25.04')).text).toContain(fact);
});

test('shares that could not be read are counted where one is looked for', async () => {
  const nas = nasWith({ 'sharing.nfs.query': [nfs, { ...nfs, id: 2, path: 7 }, null] });
  expect(await askTool(nas, 'get_share', { share: 'films' })).toContain('2 shares could not be read');
});

test('a filter that cannot be judged says how many more may match', async () => {
  const answers = { 'sharing.nfs.query': [nfs, { ...nfs, id: 2, enabled: 'odd' }] };
  const { data } = await ask(answers, 'list_shares', { enabled: false });
  expect(data.notes).toContain('(1 more may match: their name, path or state could not be read)');
});
