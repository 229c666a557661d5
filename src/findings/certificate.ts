/** Certificates: whether they are valid, and what breaks when they are not. */
import { formatDuration } from '../output/time.ts';
import type { Finding, FindingKind } from './finding.ts';

/** A certificate; null is not known. */
export interface CertificateFacts {
  /** Safe text. */
  readonly name: string;
  /** Time until its end, in milliseconds; negative when it is over. */
  readonly leftMs: number | null;
  readonly hasExpired: boolean | null;
  readonly isRevoked: boolean | null;
  /** An ACME certificate that the NAS renews by itself. */
  readonly isRenewed: boolean;
  /** What uses it; undefined when that is not known. */
  readonly users: readonly string[] | undefined;
}

const EXPIRED: FindingKind = {
  id: 'certificate.expired',
  level: 'CRITICAL',
  what: 'certificate expired',
  means: 'Clients warn or refuse to connect to whatever uses it.',
  certainty: 'sure',
  seeAlso: 'Credentials > Certificates: make or import a new one, then choose it where this one is used',
};
const EXPIRES: FindingKind = {
  id: 'certificate.expires',
  level: 'WARNING',
  what: 'certificate expires soon',
  means: 'After that day clients warn or refuse to connect.',
  certainty: 'sure',
  seeAlso: 'Credentials > Certificates: make or import a new one, then choose it where this one is used',
};
const NOT_RENEWED: FindingKind = {
  id: 'certificate.not_renewed',
  level: 'WARNING',
  what: 'ACME certificate was not renewed',
  means:
    'The NAS renews it by itself ten days or more ahead, and has not: its DNS authenticator may not work.',
  certainty: 'likely',
  seeAlso: 'Credentials > Certificates > ACME DNS-Authenticators; list_jobs for acme',
};
const REVOKED: FindingKind = {
  id: 'certificate.revoked',
  level: 'CRITICAL',
  what: 'certificate revoked',
  means: 'Its authority took it back: clients that ask refuse it.',
  certainty: 'sure',
  seeAlso: 'Credentials > Certificates',
};

/** Every kind of finding here. */
export const CERTIFICATE_KINDS: readonly FindingKind[] = [EXPIRED, REVOKED, NOT_RENEWED, EXPIRES];

const DAY_MS = 86_400_000;
/** As long before its end as a certificate wants to be renewed; one that renews itself is done with by then. */
const SOON_MS = { byHand: 30 * DAY_MS, bySelf: 9 * DAY_MS };

/** Findings about a certificate. */
export function judgeCertificate(facts: CertificateFacts): Finding[] {
  const { name: about, leftMs, hasExpired, isRevoked, isRenewed, users } = facts;
  const used =
    users === undefined
      ? 'what uses it is not known'
      : users.length === 0
        ? 'nothing that tells uses it'
        : `used by ${users.join(', ')}`;
  const isOver = hasExpired === true || (leftMs !== null && leftMs <= 0);
  const isSoon = !isOver && leftMs !== null && leftMs < SOON_MS.byHand;
  const evidence = leftMs === null ? used : `in ${formatDuration(Math.max(0, leftMs))}, ${used}`;
  const isLate = isRenewed && (isOver || (leftMs !== null && leftMs < SOON_MS.bySelf));
  return [
    ...(isOver ? [{ kind: EXPIRED, about, evidence: used }] : []),
    ...(isRevoked === true ? [{ kind: REVOKED, about, evidence: used }] : []),
    ...(isLate ? [{ kind: NOT_RENEWED, about }] : []),
    ...(isSoon && !isLate ? [{ kind: EXPIRES, about, evidence }] : []),
  ];
}
