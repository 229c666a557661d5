/** `certificateauthority.*` and `idmap.*`: 25.10 has neither any more. */
import type { MethodContext, SimMethod } from '../calls/method.ts';
import { type ApiRow, ONLY_25_04, readable } from './common.ts';
import { idmapRows } from './idmap-rows.ts';

/** What an authority of the machine's own has beside the fields of a certificate. */
const AUTHORITY = {
  ...{ id: 3, type: 1, name: 'home_ca', common: 'Example Home CA' },
  ...{ root_path: '/etc/certificates/CA', cert_type: 'CA', issuer: 'self-signed', internal: 'YES' },
  ...{ certificate_path: '/etc/certificates/CA/home_ca.crt' },
  ...{ privatekey_path: '/etc/certificates/CA/home_ca.key', csr_path: '/etc/certificates/CA/home_ca.csr' },
  ...{ CA_type_existing: false, CA_type_internal: true, cert_type_existing: false },
  ...{ DN: '/C=US/O=Example/CN=Example Home CA', signed_certificates: 1, revoked_certs: [] },
  ...{ lifetime: 3650, add_to_trusted_store: true },
};

export const METHODS_BEFORE_25_10: readonly SimMethod[] = [
  ...readable({
    ...{ namespace: 'certificateauthority', entity: 'CertificateAuthority', what: 'certificate authorities' },
    ...{ releases: ONLY_25_04, roles: ['CERTIFICATE_AUTHORITY_READ'], takesAnyIdBefore: true },
    rows: ({ world }: MethodContext): ApiRow[] => {
      const [certificate] = world.certificates;
      if (world.blueprint.isPlain === true || certificate === undefined) return [];
      return [{ ...certificate.row, ...AUTHORITY }];
    },
  }),
  ...readable({
    ...{ namespace: 'idmap', entity: 'IdmapDomain', what: 'ways from names of a domain to numbers' },
    ...{ releases: ONLY_25_04, roles: ['DIRECTORY_SERVICE_READ'], takesAnyIdBefore: true },
    rows: idmapRows,
  }),
];
