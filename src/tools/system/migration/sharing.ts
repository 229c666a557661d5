/** Shares and block disks before a move. */
import { safeCell } from '../../../output/untrusted.ts';
import { isAtLeast } from '../../../truenas/releases.ts';
import { field, objectOf } from '../../support/rows.ts';
import { rowsFrom } from '../upgrade-part.ts';
import { enters } from '../upgrade-steps.ts';
import { isFilled, LEAVES_CORE, type MigrationCheck, migrationCheck, named, words } from './check.ts';

/** From here on only shares of the legacy preset have lines of their own. */
const PRESETS = '25.10';

const smbService = migrationCheck(
  { part: 'sharing', title: 'parameters of SMB', uses: ['smb.config'], until: PRESETS },
  async (nas, when) => {
    const { smb_options: lines } = objectOf(await nas.call('smb.config', []), { smb_options: field.rawText });
    when('smb_lines', 'service', [isFilled(lines)], parametersIn(lines));
  },
);

const SMB_ROW = { name: field.text, purpose: field.text, auxsmbconf: field.rawText };

const smbShares = migrationCheck(
  { part: 'sharing', title: 'SMB shares', uses: ['sharing.smb.query'], until: PRESETS },
  async (nas, when, path) => {
    for (const { name, purpose, auxsmbconf: lines } of await rowsFrom(nas, 'sharing.smb.query', SMB_ROW)) {
      when('smb_lines', named(name), [isFilled(lines)], parametersIn(lines));
      const isPlain = purpose === null ? null : purpose === 'NO_PRESET';
      when('smb_legacy', named(name), [enters(path, PRESETS), isPlain]);
    }
  },
);

/** Names of the parameters alone: their values may be anything. */
function parametersIn(lines: string | null): string {
  const names = (lines ?? '')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !/^[#;]/u.test(line))
    .map((line) => safeCell((line.split('=')[0] ?? '').trim(), 30));
  return words(...new Set(names));
}

/** Rows with a name and a switch that are trouble because they are there. */
function sharesOf(
  trouble: 'afp' | 'webdav' | 'rsync_modules',
  title: string,
  method: string,
): MigrationCheck {
  return migrationCheck({ part: 'sharing', title, uses: [method], ...LEAVES_CORE }, async (nas, when) => {
    const shape = { name: field.text, path: field.text, enabled: field.flag };
    for (const { name, path, enabled } of await rowsFrom(nas, method, shape)) {
      when(trouble, named(name), [true], words(path, enabled === false && 'off'));
    }
  });
}

const nfs = migrationCheck(
  { part: 'sharing', title: 'NFS exports', uses: ['sharing.nfs.query'], ...LEAVES_CORE },
  async (nas, when) => {
    const shape = { paths: field.texts, alldirs: field.flag };
    const seen = new Set<string>();
    for (const { paths, alldirs: isAll } of await rowsFrom(nas, 'sharing.nfs.query', shape)) {
      const first = named(paths?.[0] ?? null);
      // An export comes once for each of its paths.
      if (seen.has(first)) continue;
      seen.add(first);
      const isWide = (paths?.length ?? 0) > 1 || isAll === true;
      const isKnown = isWide || (paths !== null && isAll !== null);
      const evidence = words(
        paths !== null && paths.length > 1 && `${paths.length} paths`,
        isAll === true && 'all directories',
      );
      when('nfs', first, [isKnown ? isWide : null], evidence);
    }
  },
);

const initiators = migrationCheck(
  { part: 'sharing', title: 'iSCSI initiators', uses: ['iscsi.initiator.query'], ...LEAVES_CORE },
  async (nas, when) => {
    const shape = { id: field.number, comment: field.text, auth_network: field.texts };
    for (const { id, comment, auth_network: networks } of await rowsFrom(
      nas,
      'iscsi.initiator.query',
      shape,
    )) {
      const isBound = networks === null ? null : networks.length > 0;
      const about = comment === null || comment === '' ? `group ${id ?? '?'}` : named(comment);
      when('iscsi_networks', about, [isBound], words(...(networks ?? [])));
    }
  },
);

const extents = migrationCheck(
  { part: 'sharing', title: 'iSCSI disks', uses: ['iscsi.extent.query'], ...LEAVES_CORE },
  async (nas, when) => {
    const shape = { name: field.text, blocksize: field.number, enabled: field.flag };
    for (const { name, blocksize, enabled } of await rowsFrom(nas, 'iscsi.extent.query', shape)) {
      when('iscsi', named(name), [enabled], blocksize === null ? '' : `blocks of ${blocksize}`);
    }
  },
);

const portals = migrationCheck(
  {
    ...{ part: 'sharing', title: 'iSCSI portals', uses: ['iscsi.portal.query'] },
    ...{ into: '25.04', until: '25.04' },
  },
  async (nas, when) => {
    const shape = { id: field.number, discovery_authmethod: field.text };
    for (const { id, discovery_authmethod: how } of await rowsFrom(nas, 'iscsi.portal.query', shape)) {
      const isProved = how === null ? null : how !== 'NONE';
      when('discovery_auth', `portal ${id ?? '?'}`, [isProved], how === null ? '' : words(how));
    }
  },
);

const s3 = migrationCheck(
  { part: 'sharing', title: 'S3 service', uses: ['s3.config'], ...LEAVES_CORE },
  async (nas, when, { from }) => {
    // 13.3 has it no more.
    if (/13\.3/u.test(from.version) || isAtLeast(from, '22.02')) return;
    const { storage_path: path } = objectOf(await nas.call('s3.config', []), { storage_path: field.text });
    when('s3', named(path), [isFilled(path)]);
  },
);

export const SHARING_CHECKS: readonly MigrationCheck[] = [
  s3,
  sharesOf('afp', 'AFP shares', 'sharing.afp.query'),
  sharesOf('webdav', 'WebDAV shares', 'sharing.webdav.query'),
  sharesOf('rsync_modules', 'rsync modules', 'rsyncmod.query'),
  smbService,
  smbShares,
  nfs,
  initiators,
  extents,
  portals,
];
