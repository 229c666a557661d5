/** Troubles of exposure: settings that let everybody in. */
import { applied, planWith } from '../changes/support/plan-and-apply.ts';
import type { ChangeNas } from '../changes/support/change-nas.ts';
import type { WireValue } from '../../src/truenas/client.ts';
import { rowsOf, type Trouble } from './trouble.ts';

const change = (tool: string, args: Record<string, unknown>) => async (nas: ChangeNas) =>
  applied(nas, await planWith(nas, tool, args));

type Answers = (method: string, answer: WireValue) => WireValue;

/** A configuration with other values. */
export const config =
  (method: string, other: Record<string, WireValue>): Answers =>
  (asked, answer) =>
    asked === method && typeof answer === 'object' && !Array.isArray(answer) && !(answer instanceof Date)
      ? { ...answer, ...other }
      : answer;

const running = (service: string): Answers =>
  rowsOf('service.query', (row) => (row['service'] === service ? { ...row, state: 'RUNNING' } : row));

const both =
  (first: Answers, second: Answers): Answers =>
  (method, answer) =>
    second(method, first(method, answer));

const of = (id: string, part: string, more: Partial<Trouble>): Trouble => ({
  id: `exposure.${id}`,
  tool: 'exposure_report',
  args: { part },
  ...more,
});

const GRANTS = [{ principal_type: 'EVERYONE', name: null, access: 'READONLY' }];

export const EXPOSURE_TROUBLES: readonly Trouble[] = [
  of('smb_guest', 'smb', {
    make: change('update_share', { share: 'media', kind: 'smb', options: { guests: true } }),
  }),
  of('smb_everyone', 'smb', { make: change('set_permissions', { path: 'tank/media', mode: '777' }) }),
  of('nfs_any_host', 'nfs', { without: { part: 'smb' } }),
  of('nfs_root', 'nfs', {
    make: change('update_share', { share: '/mnt/tank/projects', kind: 'nfs', allow: ['all'] }),
  }),
  of('iscsi_any', 'iscsi', { without: { part: 'smb' } }),
  of('nvmeof_any', 'nvmeof', {
    answers: rowsOf('nvmet.subsys.query', (row) => ({ ...row, allow_any_host: true })),
    on: ['25.10', '27.0'],
  }),
  of('s3_anonymous', 's3', {
    answers: rowsOf('sharing.s3.query', (row) => ({ ...row, grants: GRANTS })),
    without: { part: 'smb' },
    on: ['27.0'],
  }),
  of('web_http', 'web', { answers: config('system.general.config', { ui_httpsredirect: false }) }),
  of('web_old_tls', 'web', {
    answers: config('system.general.config', { ui_httpsprotocols: ['TLSv1.1', 'TLSv1.3'] }),
  }),
  of('ssh_password', 'ssh', { answers: config('ssh.config', { passwordauth: true }) }),
  of('ssh_root', 'ssh', {
    answers: rowsOf('user.query', (row) => ({
      ...row,
      password_disabled: false,
      ssh_password_enabled: true,
    })),
  }),
  of('ftp_anonymous', 'ftp', {
    answers: both(config('ftp.config', { onlyanonymous: true }), running('ftp')),
  }),
  of('snmp_public', 'snmp', { without: { part: 'smb' } }),
  of('ups_remote', 'ups', { answers: both(config('ups.config', { rmonitor: true }), running('ups')) }),
  of('app_ports', 'apps', { without: { part: 'smb' } }),
];
