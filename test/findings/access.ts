/** Troubles of access: one at a time, on shares and folders of the simulated NAS. */
import { applied, planWith } from '../changes/support/plan-and-apply.ts';
import type { ChangeNas } from '../changes/support/change-nas.ts';
import type { Trouble } from './trouble.ts';

/** A person does it with a tool. */
const change = (tool: string, args: Record<string, unknown>) => async (nas: ChangeNas) =>
  applied(nas, await planWith(nas, tool, args));

const MEDIA = { share: 'media', user: 'alice' };
const DOCUMENTS = { share: 'documents', user: 'alice' };

export const ACCESS_TROUBLES: readonly Trouble[] = [
  { id: 'access.denied_by_path', tool: 'who_can_access', args: MEDIA, without: DOCUMENTS },
  {
    id: 'access.denied_by_share',
    tool: 'who_can_access',
    args: DOCUMENTS,
    make: change('update_share', { share: 'documents', options: { access: ['user:alice READ'] } }),
  },
  {
    id: 'access.no_traverse',
    tool: 'who_can_access',
    args: { share: 'old-scans', user: 'truenas_admin' },
    without: { share: 'old-scans', user: 'alice' },
  },
  {
    id: 'access.service_stopped',
    tool: 'who_can_access',
    args: { share: 'media' },
    make: change('control_service', { service: 'cifs', action: 'stop' }),
  },
  {
    id: 'access.share_disabled',
    tool: 'who_can_access',
    args: { share: 'old-scans' },
    without: { share: 'media' },
  },
  {
    id: 'access.read_only',
    tool: 'who_can_access',
    args: { share: 'iso', user: 'alice' },
    without: MEDIA,
  },
  {
    id: 'access.dataset_read_only',
    tool: 'who_can_access',
    args: DOCUMENTS,
    make: change('update_dataset', { dataset: 'tank/documents', readonly: 'on' }),
  },
  {
    id: 'access.locked',
    tool: 'who_can_access',
    args: { share: 'vault' },
    without: { share: 'media' },
  },
  {
    id: 'access.account_locked',
    tool: 'who_can_access',
    args: { share: 'media', user: 'bob' },
    without: MEDIA,
  },
  {
    id: 'access.no_smb_account',
    tool: 'who_can_access',
    args: { share: 'documents', user: 'backup' },
    without: DOCUMENTS,
  },
];
