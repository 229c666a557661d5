/** Certificates that expire soon, and whether the web interface uses them. */
import { formatDuration } from '../../../output/time.ts';
import { safeCell } from '../../../output/untrusted.ts';
import type { ReadClient } from '../../../truenas/client.ts';
import { query } from '../../../truenas/query.ts';
import { gapText, readPart, valueOr } from '../../support/part.ts';
import { field, objectOf, rowsOf } from '../../support/rows.ts';
import type { Finding } from './finding.ts';
import type { Subject } from './subject.ts';

const CERTIFICATE = { id: field.number, name: field.text, until: field.time, expired: field.flag };
/** As long before its end as a certificate wants to be renewed. */
const SOON_MS = 30 * 86_400_000;

export const certificates: Subject = {
  name: 'certificates',
  uses: ['certificate.query', 'system.general.config'],
  async read({ nas, nowMs }) {
    const parameters = query({ select: Object.keys(CERTIFICATE), orderBy: ['id'] });
    const rows = rowsOf(await nas.call('certificate.query', parameters), CERTIFICATE);
    const ending = rows.filter(
      ({ until, expired }) => expired === true || (until !== null && until - nowMs < SOON_MS),
    );
    // Without a certificate that ends nobody needs to know where they are used.
    const used = ending.length === 0 ? { value: undefined } : await readPart(nas, webCertificate);
    const inUse = valueOr(used, undefined);
    const gap = gapText(used);
    const findings = ending.map((row): Finding => {
      const left = row.until === null ? 0 : row.until - nowMs;
      const when = row.expired === true || left <= 0 ? 'has expired' : `expires in ${formatDuration(left)}`;
      const isUsed = inUse !== undefined && row.id === inUse;
      const where = isUsed
        ? ' (the web interface uses it)'
        : gap === undefined
          ? ''
          : ` (where it is used ${gap})`;
      return {
        level: 'WARNING',
        text: `certificate ${safeCell(row.name ?? '-', 60)}${where} ${when}`,
        next: 'list_certificates',
      };
    });
    const unknown = rows.filter(({ until, expired }) => until === null && expired !== true);
    return {
      findings,
      summary: '',
      unknown: unknown.map(({ name }) => `end of ${safeCell(name ?? '-', 60)}`),
    };
  },
};

/** The id of the web interface's certificate; a read-only key is not told. */
async function webCertificate(nas: ReadClient): Promise<number | undefined> {
  const answer = await nas.call('system.general.config', []);
  const { ui_certificate: used } = objectOf(answer, { ui_certificate: field.unknown });
  // The whole certificate up to 25.10, its id from 27 on, stars for a key that may not see it.
  if (typeof used === 'number') return used;
  return field.object({ id: field.number })(used)?.id ?? undefined;
}
