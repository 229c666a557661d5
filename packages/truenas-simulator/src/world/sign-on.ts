/** What a NAS knows of directories and of certificate authorities outside: Kerberos realms and keytabs, ways to prove a domain. */
import type { Random } from './random.ts';
import { createTable, type Table, type TableRow } from './table.ts';

export interface KerberosRealm extends TableRow {
  readonly realm: string;
  readonly primary_kdc: string | null;
  readonly kdc: readonly string[];
  readonly admin_server: readonly string[];
  readonly kpasswd_server: readonly string[];
}

export interface KerberosKeytab extends TableRow {
  readonly name: string;
  /** Base64 of its keys. */
  readonly file: string;
}

/** How the NAS proves to an ACME server that a domain is its own. */
export interface DnsAuthenticator extends TableRow {
  readonly name: string;
  readonly attributes: Readonly<Record<string, unknown>> & { readonly authenticator: string };
}

export interface SignOn {
  readonly realms: Table<KerberosRealm>;
  readonly keytabs: Table<KerberosKeytab>;
  readonly authenticators: Table<DnsAuthenticator>;
}

/** Those of the default world: NFS with Kerberos, and one domain. */
export function createSignOn(random: Random): SignOn {
  return {
    realms: createTable<KerberosRealm>([
      {
        realm: 'EXAMPLE.ORG',
        primary_kdc: null,
        kdc: ['kdc1.example.org', 'kdc2.example.org'],
        admin_server: ['kdc1.example.org'],
        kpasswd_server: [],
      },
    ]),
    keytabs: createTable<KerberosKeytab>([{ name: 'nfs', file: random.hex(64) }]),
    authenticators: createTable<DnsAuthenticator>([
      {
        name: 'example.org',
        attributes: {
          authenticator: 'cloudflare',
          cloudflare_email: null,
          api_key: null,
          api_token: `cf-${random.hex(20)}`,
        },
      },
    ]),
  };
}
