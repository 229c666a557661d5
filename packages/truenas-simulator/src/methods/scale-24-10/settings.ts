/** Settings that 24.10 shows and that are not simulated for newer releases. */
import type { MethodContext, SimMethod } from '../../calls/method.ts';

/** As they come: nobody has changed them. */
const SETTINGS: Readonly<
  Record<string, readonly [roles: readonly string[], row: Readonly<Record<string, unknown>>]>
> = {
  kerberos: [['DIRECTORY_SERVICE_READ'], { id: 1, appdefaults_aux: '', libdefaults_aux: '' }],
  'replication.config': [['REPLICATION_TASK_CONFIG_READ'], { id: 1, max_parallel_replication_tasks: 5 }],
  support: [
    ['SUPPORT_READ'],
    {
      ...{ id: 1, enabled: null, name: '', title: '', email: '', phone: '', secondary_name: '' },
      ...{ secondary_title: '', secondary_email: '', secondary_phone: '' },
    },
  ],
  catalog: [
    ['CATALOG_READ'],
    {
      id: 'TRUENAS',
      label: 'TRUENAS',
      preferred_trains: ['stable'],
      location: '/mnt/.ix-apps/truenas_catalog',
    },
  ],
};

export const SETTINGS_METHODS: readonly SimMethod[] = Object.entries(SETTINGS).map(
  ([namespace, [roles, row]]) => ({
    name: `${namespace}.config`,
    description: `Settings of ${namespace}.`,
    roles,
    run: (_context: MethodContext) => ({ ...row }),
  }),
);
