/** Certificates that expire soon, and whether the web interface uses them. */
import { formatDuration } from '../../../output/time.ts';
import { safeCell } from '../../../output/untrusted.ts';
import { query } from '../../../truenas/query.ts';
import { gapText, HIDDEN_FIELD, valueOr } from '../../support/part.ts';
import { field, rowsOf } from '../../support/rows.ts';
import { readWebInterface } from '../certificate-users.ts';
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
    const used = ending.length === 0 ? { value: [] } : (await readWebInterface(nas)).used;
    const inUse = valueOr(used, []);
    // Every read-only key is refused this one field: it is no failure to be told of each day.
    const isHidden = 'gap' in used && used.gap === HIDDEN_FIELD.gap;
    const gap = isHidden ? undefined : gapText(used);
    const findings = ending.map((row): Finding => {
      const left = row.until === null ? 0 : row.until - nowMs;
      const when = row.expired === true || left <= 0 ? 'has expired' : `expires in ${formatDuration(left)}`;
      const isUsed = inUse.some((reference) => reference === row.id || reference === row.name);
      const where = isUsed
        ? ' (the web interface uses it)'
        : gap === undefined
          ? ''
          : ` (where it is used ${gap})`;
      return {
        level: 'WARNING',
        text: `certificate ${safeCell(row.name ?? '-', 60)}${where} ${when}`,
        next: 'list_items {"kind":"certificate"}',
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
