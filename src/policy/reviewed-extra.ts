/** Names that generic calls may give in the `extra` of query options: each method reads its own, and no schema lists them. */
import { flag, listOf, off, oneOf, plainName, type ValueRule, wholeNumber } from './value-rules.ts';

/** The rule for a name in `extra`; `undefined` when it was not reviewed for this method. */
export function reviewedExtra(method: string, name: string): ValueRule | undefined {
  const namespace = method.slice(0, method.lastIndexOf('.'));
  for (const names of [EVERYWHERE, BY_NAMESPACE[namespace] ?? {}]) {
    if (Object.hasOwn(names, name)) return names[name];
  }
  return undefined;
}

type Names = Readonly<Record<string, ValueRule>>;

/** Options that switch secrets or floods on may be said to be off; see argument-rules.ts and size-rules.ts. */
const EVERYWHERE: Names = {
  passwords: off,
  raw: off,
  raw_result: off,
  retrieve_config: off,
  retrieve_locked_info: flag,
  snapshots: off,
  snapshots_recursive: off,
};

const dataset: Names = {
  flat: flag,
  properties: listOf(plainName),
  retrieve_children: flag,
  retrieve_user_props: flag,
  snapshots_count: flag,
};
const snapshot: Names = {
  holds: flag,
  max_txg: wholeNumber,
  min_txg: wholeNumber,
  properties: listOf(plainName),
  retention: flag,
};
/** Accounts of the directory (AD, LDAP) as well, and facts of SMB. */
const account: Names = { additional_information: listOf(oneOf('DS', 'SMB')) };

const BY_NAMESPACE: Readonly<Record<string, Names>> = {
  app: { host_ip: plainName },
  'app.image': { parse_tags: flag },
  disk: { include_expired: flag, pools: flag, supports_smart: flag },
  fcport: { with_lun_access: flag },
  group: account,
  interface: { retrieve_names_only: flag },
  pool: { is_upgraded: flag },
  'pool.dataset': dataset,
  'pool.snapshot': snapshot,
  service: { include_state: flag },
  user: account,
  'zfs.snapshot': snapshot,
};
