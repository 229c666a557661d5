/** Certificates and authorities as the older releases show them: later ones have no authorities. */
import type { MethodContext } from '../../calls/method.ts';
import { isCore, type LegacyRelease } from '../../releases.ts';
import type { ApiRow } from '../common.ts';
import { baseRows, without } from './base.ts';

/** Id of the authority of a world; certificates and authorities are numbered together. */
const AUTHORITY_ID = 3;
const INTERNAL = 1;

/** A certificate's row. */
export function legacyCertificate(row: ApiRow): ApiRow {
  return { ...row, signedby: row['signedby'] ?? null };
}

/** Authorities: one of the machine's own, where something is signed by it. */
export function authorities(context: MethodContext, legacy: LegacyRelease): ApiRow[] {
  const { world } = context;
  if (world.blueprint.isPlain === true) return [];
  const [model] = baseRows(context, 'certificate.query');
  if (model === undefined) return [];
  const name = 'home_ca';
  return [
    {
      ...without(model, 'domains_authenticators acme acme_uri'),
      ...{ id: AUTHORITY_ID, type: INTERNAL, name, signedby: null, common: 'Example Home CA' },
      ...{ root_path: '/etc/certificates/CA', cert_type: 'CA', issuer: 'self-signed', internal: 'YES' },
      certificate_path: `/etc/certificates/CA/${name}.crt`,
      privatekey_path: `/etc/certificates/CA/${name}.key`,
      csr_path: `/etc/certificates/CA/${name}.csr`,
      ...{ CA_type_existing: false, CA_type_internal: true, cert_type_existing: false },
      DN: '/C=US/O=Example/CN=Example Home CA',
      ...{ signed_certificates: 1, revoked_certs: [], lifetime: 3650 },
      ...(isCore(legacy) ? {} : { add_to_trusted_store: true }),
    },
  ];
}
