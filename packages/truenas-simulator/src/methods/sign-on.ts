/** `kerberos.*` and the settings of directories: none is joined. */
import * as z from 'zod';
import type { MethodContext, SimMethod } from '../calls/method.ts';
import { isAtLeast } from '../releases.ts';
import { secret } from '../schema/schema.ts';
import { ONLY_25_04, readable, SINCE_25_10 } from './common.ts';

const roles = ['DIRECTORY_SERVICE_READ'];
const secretRoles = ['DIRECTORY_SERVICE_WRITE'];
const hidden = secret(z.unknown());

export const SIGN_ON_METHODS: readonly SimMethod[] = [
  ...readable({
    namespace: 'kerberos.realm',
    entity: 'KerberosRealm',
    what: 'Kerberos realms',
    roles,
    takesAnyIdBefore: true,
    rows: ({ world, release }: MethodContext) =>
      world.signOn.realms.rows().map(({ primary_kdc: primary, ...realm }) => ({
        ...realm,
        ...(isAtLeast(release, '25.10') ? { primary_kdc: primary } : {}),
      })),
  }),
  ...readable({
    namespace: 'kerberos.keytab',
    entity: 'KerberosKeytab',
    what: 'Kerberos keytabs',
    roles,
    takesAnyIdBefore: true,
    secretRoles,
    row: z.looseObject({ file: hidden }),
    rows: ({ world }: MethodContext) => world.signOn.keytabs.rows(),
  }),
  {
    name: 'directoryservices.config',
    description: 'How the NAS is joined to a directory.',
    releases: SINCE_25_10,
    roles,
    secretRoles,
    returns: z.looseObject({ credential: hidden }),
    run: ({ world }: MethodContext) => world.settings['directoryservices'],
  },
  {
    name: 'activedirectory.config',
    description: 'How the NAS is joined to an Active Directory.',
    releases: ONLY_25_04,
    roles,
    secretRoles,
    returns: z.looseObject({ bindpw: hidden }),
    run: ({ world }: MethodContext) => world.settings['activedirectory'],
  },
  {
    name: 'ldap.config',
    description: 'How the NAS asks an LDAP server.',
    releases: ONLY_25_04,
    roles,
    secretRoles,
    returns: z.looseObject({ bindpw: hidden }),
    run: ({ world }: MethodContext) => world.settings['ldap'],
  },
];
