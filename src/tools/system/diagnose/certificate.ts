/** What is wrong with a certificate, and what uses it. */
import { judgeCertificate } from '../../../findings/certificate.ts';
import { formatInstant } from '../../../output/time.ts';
import { safeCell } from '../../../output/untrusted.ts';
import { query } from '../../../truenas/query.ts';
import { valueOr } from '../../support/part.ts';
import { field, isObject, rowsOf } from '../../support/rows.ts';
import { noteOf, readUsers, USER_METHODS, usersOf } from '../certificate-users.ts';
import { noneCalled } from './named.ts';
import { some, type Subject } from './subject.ts';

const CERTIFICATE = {
  id: field.number,
  name: field.text,
  until: field.time,
  expired: field.flag,
  revoked: field.flag,
  common: field.text,
  san: field.texts,
  acme: (value: unknown) => isObject(value),
  renew_days: field.number,
};

export const certificate: Subject = {
  uses: ['certificate.query', ...USER_METHODS],
  async diagnose({ nas, nowMs }, name) {
    const parameters = query({
      select: ['id', 'name', 'until', 'expired', 'revoked', 'common', 'san', 'renew_days'],
    });
    const rows = rowsOf(await nas.call('certificate.query', parameters), CERTIFICATE);
    const wanted = name.trim().toLowerCase();
    const row = rows.find((each) => each.name?.toLowerCase() === wanted || String(each.id) === wanted);
    if (row === undefined)
      throw noneCalled(
        'certificate',
        name,
        rows.map((each) => each.name),
      );
    const users = await readUsers(nas);
    const known = usersOf(row, users);
    const about = safeCell(row.name ?? `#${row.id ?? '-'}`, 60);
    const notes = users.flatMap((user) => ({ user, note: noteOf(user) }));
    const isApp = ({ note }: { note: string | undefined }): boolean => note?.startsWith('(') === true;
    return {
      headline: `certificate ${about}, valid until ${row.until === null ? 'a day nobody knows' : formatInstant(row.until)}`,
      findings: judgeCertificate({
        name: about,
        leftMs: row.until === null ? null : row.until - nowMs,
        hasExpired: row.expired,
        isRevoked: row.revoked,
        isRenewed: row.renew_days !== null,
        users: known,
      }),
      unjudged: [
        ...some(row.until === null && row.expired !== true && 'its end'),
        ...notes.flatMap((each) => (isApp(each) ? [] : (each.note ?? []))),
      ],
      lines: [
        `used by: ${known === undefined ? 'not known' : known.length === 0 ? 'nothing that tells' : known.join(', ')}`,
        ...some(
          row.common !== null &&
            `for: ${[row.common, ...(row.san ?? [])]
              .map((each) => safeCell(each, 60))
              .slice(0, 5)
              .join(', ')}`,
        ),
        ...notes.flatMap((each) => (isApp(each) ? (each.note ?? []) : [])),
        ...some(
          valueOr({ value: known }, undefined)?.includes('web interface') === true &&
            'change it there: System > General Settings > GUI',
        ),
      ],
    };
  },
};
