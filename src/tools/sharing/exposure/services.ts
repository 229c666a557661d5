import { safeCell } from '../../../output/untrusted.ts';
import { query } from '../../../truenas/query.ts';
import { gapText, readPart } from '../../support/part.ts';
import { field, objectOf, rowsOf } from '../../support/rows.ts';
import { type ExposedPart, someOf } from './exposed-part.ts';

/** The web interface over HTTP, or with old TLS. */
export const web: ExposedPart = {
  title: 'web interface',
  uses: ['system.general.config'],
  async read(nas) {
    const { ui_httpsredirect: redirects, ui_httpsprotocols: protocols } = objectOf(
      await nas.call('system.general.config', []),
      { ui_httpsredirect: field.flag, ui_httpsprotocols: field.texts },
    );
    const old = protocols?.filter((name) => /^(?:TLSv1(?:\.[01])?|SSLv\d)$/u.test(name));
    const about = 'web interface';
    return [
      { id: 'web_http', about, conditions: [redirects === null ? null : !redirects] },
      {
        id: 'web_old_tls',
        about,
        evidence: old?.join(', '),
        conditions: [old === undefined ? null : old.length > 0],
      },
    ];
  },
};

/** Sign-in over SSH by password, and as root. */
export const ssh: ExposedPart = {
  title: 'SSH',
  uses: ['ssh.config', 'user.query'],
  service: 'ssh',
  async read(nas) {
    const [config, users] = await Promise.all([
      nas.call('ssh.config', []),
      readPart(nas, async (limited) =>
        rowsOf(
          await limited.call(
            'user.query',
            query({ filters: [['uid', '=', 0]], select: ['password_disabled', 'ssh_password_enabled'] }),
          ),
          { password_disabled: field.flag, ssh_password_enabled: field.flag },
        ),
      ),
    ]);
    const { passwordauth, password_login_groups: groups } = objectOf(config, {
      passwordauth: field.flag,
      password_login_groups: field.texts,
    });
    const root = 'value' in users ? users.value[0] : undefined;
    const isByPassword = someOf([passwordauth, groups === null ? null : groups.length > 0]);
    return [
      {
        id: 'ssh_password',
        about: 'SSH',
        evidence:
          passwordauth === true ? 'every account' : groups?.map((name) => safeCell(name, 40)).join(', '),
        conditions: [isByPassword],
        service: 'ssh',
      },
      {
        id: 'ssh_root',
        about: 'SSH as root',
        why: gapText(users),
        conditions: [
          root?.ssh_password_enabled ?? null,
          typeof root?.password_disabled === 'boolean' ? !root.password_disabled : null,
        ],
        service: 'ssh',
      },
    ];
  },
};

/** FTP without an account. */
export const ftp: ExposedPart = {
  title: 'FTP',
  uses: ['ftp.config'],
  service: 'ftp',
  async read(nas) {
    const { onlyanonymous } = objectOf(await nas.call('ftp.config', []), { onlyanonymous: field.flag });
    return [
      {
        id: 'ftp_anonymous',
        about: 'FTP',
        arguments: { service: 'ftp', action: 'stop' },
        conditions: [onlyanonymous],
        service: 'ftp',
      },
    ];
  },
};

/** SNMP with the community that everybody knows. */
export const snmp: ExposedPart = {
  title: 'SNMP',
  uses: ['snmp.config'],
  service: 'snmp',
  async read(nas) {
    const { community } = objectOf(await nas.call('snmp.config', []), { community: field.rawText });
    return [
      {
        id: 'snmp_public',
        about: 'SNMP',
        conditions: [community === null ? null : community === 'public'],
        service: 'snmp',
      },
    ];
  },
};

/** A UPS that other machines may watch. */
export const ups: ExposedPart = {
  title: 'UPS',
  uses: ['ups.config'],
  service: 'ups',
  async read(nas) {
    const { rmonitor } = objectOf(await nas.call('ups.config', []), { rmonitor: field.flag });
    return [{ id: 'ups_remote', about: 'UPS', conditions: [rmonitor], service: 'ups' }];
  },
};
