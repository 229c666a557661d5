/** Shares of CORE: the lists of SMB shares, the networks of iSCSI targets, the versions of NFS. */
import type { WireValue } from '../../client.ts';
import { type Ask, fetchRows, type RowSource, rowsOf } from '../queries/index.ts';
import { isRow, type Row } from '../queries/paths.ts';

/** `sharing.smb.getacl`. */
export async function shareAcl([asked]: readonly WireValue[], ask: Ask): Promise<WireValue> {
  const name = isRow(asked) ? asked['share_name'] : undefined;
  const answer = await ask('smb.sharesec.getacl', [name ?? null]);
  if (!isRow(answer) || !Array.isArray(answer['share_acl'])) return answer;
  return {
    ...answer,
    share_acl: answer['share_acl'].map((entry) => (isRow(entry) ? withName(entry) : entry)),
  };
}

/** Names stand in parts there. */
function withName(entry: Row): Row {
  const { ae_who_name: whole } = entry;
  if (!isRow(whole) || typeof whole['name'] !== 'string') return entry;
  const domain = typeof whole['domain'] === 'string' && whole['domain'] !== '' ? `${whole['domain']}\\` : '';
  return { ...entry, ae_who_str: `${domain}${whole['name']}` };
}

/** `nfs.config`: CORE switches version 4 on or off, version 3 is always there. */
export async function nfsConfig(_params: readonly WireValue[], ask: Ask): Promise<WireValue> {
  const config = await ask('nfs.config', []);
  if (!isRow(config) || typeof config['v4'] !== 'boolean') return config;
  return { ...config, protocols: config['v4'] ? ['NFSV3', 'NFSV4'] : ['NFSV3'] };
}

/** `ssh.config`: no groups may be named there, `passwordauth` holds for everybody. */
export async function sshConfig(_params: readonly WireValue[], ask: Ask): Promise<WireValue> {
  const config = await ask('ssh.config', []);
  return isRow(config) ? { ...config, password_login_groups: [] } : config;
}

/** `iscsi.target.query`: the networks stand with the initiators there. One group that any network may use is open to all. */
export const targets: RowSource = async (ask, wanted) => {
  const needs = wanted.keys?.includes('auth_networks') ?? true;
  const keys = needs && wanted.keys !== undefined ? [...wanted.keys, 'groups'] : wanted.keys;
  const [rows, initiators] = await Promise.all([
    fetchRows(ask, { method: 'iscsi.target.query' }, wanted, keys),
    needs
      ? ask('iscsi.initiator.query', [[], {}])
          .then((answer) => rowsOf(answer, 'iscsi.initiator.query'))
          .catch(() => undefined)
      : [],
  ]);
  if (!needs) return rows;
  // Without them the targets are told all the same, with networks that are not known.
  return rows.map((row) => ({ ...row, auth_networks: networksOf(row['groups'], initiators) }));
};

function networksOf(groups: WireValue | undefined, initiators: readonly Row[] | undefined): WireValue {
  if (!Array.isArray(groups) || initiators === undefined) return null;
  const lists = groups.map((group) => {
    const id = isRow(group) ? group['initiator'] : undefined;
    if (id === null) return [];
    const networks = initiators.find((initiator) => initiator['id'] === id)?.['auth_network'];
    return Array.isArray(networks) ? networks : undefined;
  });
  if (lists.includes(undefined)) return null;
  const known = lists.flatMap((list) => (list === undefined ? [] : [list]));
  return known.some((list) => list.length === 0) ? [] : [...new Set(known.flat())];
}
