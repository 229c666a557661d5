/** The methods of 24.10: mostly those of 25.04, without what came then. */
import type { SimMethod } from '../../calls/method.ts';
import { methodsOf } from '../../calls/registry.ts';
import { legacyApiKeyMethods } from '../legacy/api-key.ts';
import { legacyAuthMethods } from '../legacy/auth.ts';
import { legacyCoreMethods } from '../legacy/core.ts';
import { DATASTORE_METHODS } from '../legacy/datastore.ts';
import { OWN_METHODS } from './own.ts';
import { REPORTING_METHODS } from './reporting.ts';
import { ROW_METHODS } from './rows.ts';
import { SETTINGS_METHODS } from './settings.ts';
import { SYSTEM_METHODS } from './system.ts';

/** Came with 25.04. */
const LATER =
  /^(app\.registry|boot\.environment|enclosure\.label|tn_connect|virt(\.\w+)?)\.|^(api_key\.my_keys|auth\.generate_onetime_password|auth\.login_ex|auth\.login_ex_continue|auth\.mechanism_choices|core\.set_options|core\.subscribe|core\.unsubscribe|docker\.(backup|delete_backup|list_backups|restore_backup)|cloudsync\.onedrive_list_drives|iscsi\.global\.iser_enabled|mail\.local_administrator_email|pool\.ddt_prefetch|pool\.ddt_prune|system\.reboot\.info)$/;

/** The methods by name. */
export function scale2410Methods(): ReadonlyMap<string, SimMethod> {
  const kept = [...methodsOf('25.04').values()].filter(({ name }) => !LATER.test(name));
  const own = [
    ...legacyAuthMethods('24.10'),
    ...legacyApiKeyMethods('24.10'),
    ...legacyCoreMethods('24.10'),
    ...DATASTORE_METHODS,
    ...SYSTEM_METHODS,
    ...ROW_METHODS,
    ...OWN_METHODS,
    ...SETTINGS_METHODS,
    ...REPORTING_METHODS,
  ];
  return new Map([...kept, ...own].map((method) => [method.name, method]));
}
