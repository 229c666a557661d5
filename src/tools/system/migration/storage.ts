/** Pools, datasets and the boot pool before a move. */
import { formatBytes } from '../../../output/units.ts';
import { field, objectOf, zfsText } from '../../support/rows.ts';
import { rowsFrom } from '../upgrade-part.ts';
import { LEAVES_CORE, type MigrationCheck, migrationCheck, named, words } from './check.ts';

/** The documentation wants a device of 20 GB, on which a pool is a little smaller. */
const SMALL_BOOT_BYTES = 18e9;
/** Datasets that are encrypted, or have an ACL mode of old, are asked for by that. */
const ENCRYPTED = [['encrypted', '=', true]] as const;
const OLD_ACL_MODE = 'discard_chmod';

const GELI = { name: field.text, encrypt: field.number, is_decrypted: field.flag, allocated: field.integer };

const geli = migrationCheck(
  {
    ...{ part: 'storage', title: 'encryption of pools', uses: ['pool.query', 'systemdataset.config'] },
    ...LEAVES_CORE,
  },
  async (nas, when) => {
    const [rows, systemDataset] = await Promise.all([
      rowsFrom(nas, 'pool.query', GELI),
      nas.call('systemdataset.config', []),
    ]);
    const { pool: systemPool } = objectOf(systemDataset, { pool: field.text });
    for (const { name, encrypt, is_decrypted: isOpen, allocated } of rows) {
      const isEncrypted = encrypt === null ? null : encrypt > 0;
      const size = allocated === null ? '' : `${formatBytes(allocated)} to copy`;
      const lock = isOpen === null ? '' : isOpen ? 'open' : 'locked';
      when('geli', named(name), [isEncrypted], words(lock, size));
      const holdsIt = systemPool === null || name === null ? null : systemPool === name;
      when('system_dataset', named(name), [isEncrypted, holdsIt]);
    }
  },
);

const ENCRYPTED_ROW = {
  id: field.text,
  encrypted: field.flag,
  encryption_root: field.text,
  key_format: zfsText,
  locked: field.flag,
};

const keys = migrationCheck(
  { part: 'storage', title: 'encrypted datasets', uses: ['pool.dataset.query'] },
  async (nas, when) => {
    for (const row of await rowsFrom(nas, 'pool.dataset.query', ENCRYPTED_ROW, ENCRYPTED)) {
      const { id, encrypted, encryption_root: root, key_format: format, locked } = row;
      const isRoot = id === null || root === null ? null : id === root;
      const isByPassphrase = format?.value === 'PASSPHRASE';
      const how = format?.value == null ? '' : isByPassphrase ? 'passphrase' : 'key kept by the NAS';
      when('dataset_keys', named(id), [encrypted, isRoot], words(how, locked === true && 'locked'));
    }
  },
);

const aclmodes = migrationCheck(
  { part: 'storage', title: 'ACL modes', uses: ['pool.dataset.query'], into: '25.10' },
  async (nas, when) => {
    const shape = { id: field.text, type: field.text, aclmode: field.object({ rawvalue: field.text }) };
    const filters = [['aclmode.rawvalue', '=', OLD_ACL_MODE]] as const;
    for (const { id, type, aclmode } of await rowsFrom(nas, 'pool.dataset.query', shape, filters)) {
      const mode = aclmode?.rawvalue ?? null;
      // A zvol has none.
      if (type !== 'VOLUME') when('aclmode', named(id), [mode === null ? null : mode === OLD_ACL_MODE]);
    }
  },
);

const features = migrationCheck(
  { part: 'storage', title: 'features of pools', uses: ['pool.is_upgraded', 'pool.query'] },
  async (nas, when) => {
    const shape = { id: field.number, name: field.text, status: field.text };
    for (const { id, name, status } of await rowsFrom(nas, 'pool.query', shape)) {
      // A pool that is not imported tells nothing, and is a finding of its own.
      if (status === 'OFFLINE' || id === null) continue;
      const isUpgraded = await nas.call('pool.is_upgraded', [id]);
      when('pool_features', named(name), [typeof isUpgraded === 'boolean' ? !isUpgraded : null]);
    }
  },
);

const boot = migrationCheck(
  { part: 'storage', title: 'size of the boot pool', uses: ['boot.get_state'], ...LEAVES_CORE },
  async (nas, when) => {
    const shape = { name: field.text, size: field.integer };
    const { name, size } = objectOf(await nas.call('boot.get_state', []), shape);
    const isSmall = size === null ? null : size < SMALL_BOOT_BYTES;
    when('boot_small', named(name), [isSmall], size === null ? '' : formatBytes(size));
    when('boot_name', named(name), [name === null ? null : name === 'freenas-boot']);
  },
);

export const STORAGE_CHECKS: readonly MigrationCheck[] = [geli, keys, boot, aclmodes, features];
