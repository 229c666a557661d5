/** `certificate.*` and `certificateauthority.*` on FreeBSD. */
import type { MethodContext, SimMethod } from '../../calls/method.ts';
import type { LegacyRelease } from '../../releases.ts';
import type { ApiRow } from '../common.ts';
import { baseRows, type CoreQuery, coreInstance, coreQuery, without } from '../legacy/base.ts';
import { authorities, legacyCertificate } from '../legacy/certificates.ts';

/** The methods of a release. */
export function certificateMethods(legacy: LegacyRelease): readonly SimMethod[] {
  const shown = (row: ApiRow): ApiRow => without(legacyCertificate(row), 'expired add_to_trusted_store');
  const queries: readonly CoreQuery[] = [
    {
      namespace: 'certificate',
      entity: 'Certificate',
      rows: (context) => baseRows(context, 'certificate.query').map(shown),
    },
    {
      namespace: 'certificateauthority',
      entity: 'CertificateAuthority',
      rows: (context: MethodContext) => authorities(context, legacy).map(shown),
    },
  ];
  return queries.flatMap((query) => [coreQuery(query), coreInstance(query)]);
}
