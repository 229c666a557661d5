/** What an alert means and what to do: by its class, and by a look at the thing that it is about. */
import { classOf } from '../../../findings/alert-classes.ts';
import { judgeAlert } from '../../../findings/alert.ts';
import { nearNames } from '../../../output/near-names.ts';
import { InputProblem } from '../../../output/problem.ts';
import { formatAge } from '../../../output/time.ts';
import { safeCell } from '../../../output/untrusted.ts';
import { isTrueNasError } from '../../../truenas/errors.ts';
import { gapOf } from '../../support/part.ts';
import { rowsOf } from '../../support/rows.ts';
import {
  type Alert,
  ALERT_LEVELS,
  alertRow,
  alertText,
  isActive,
  isOfOtherNode,
  severityOf,
} from '../alerts.ts';
import { certificate } from './certificate.ts';
import { disk } from './disk.ts';
import { pool } from './pool.ts';
import { type Diagnosis, some, type Subject, type SubjectContext } from './subject.ts';
import { replication, task } from './task.ts';

export const alert: Subject = {
  uses: [...new Set([pool, disk, replication, task, certificate].flatMap(({ uses }) => uses))],
  isNameOptional: true,
  async diagnose(context, name) {
    const all = rowsOf(await context.nas.call('alert.list', []), alertRow);
    const found = theOne(all, name);
    if (found === undefined)
      return {
        headline: 'no alert is active',
        findings: [],
        unjudged: all.some(({ level, klass }) => level === null && klass === null)
          ? ['alerts that say nothing']
          : [],
        lines: [],
      };
    const { klass, level, datetime } = found;
    const meaning = classOf(klass);
    const more = await lookAtSubject(context, found);
    const called = safeCell(klass ?? 'of an unknown class', 60);
    return {
      headline: `alert ${called}${isActive(found) ? '' : ', dismissed'}: ${meaning?.means ?? 'what its class means is not known here; its text says it'}`,
      findings: [
        judgeAlert({
          severity: severityOf(level),
          klass,
          text: safeCell(alertText(found), 240),
          since: datetime === null ? undefined : formatAge(datetime, context.nowMs),
        }),
        ...(more?.findings ?? []),
      ],
      unjudged: [...some(level === null && 'its level'), ...(more?.unjudged ?? [])],
      lines: [
        ...some(more && `looked at: ${more.headline}`),
        ...(more?.lines ?? []),
        'It goes by itself once its cause is gone; dismiss_alert only hides it.',
      ],
    };
  },
};

/** The alert of this id or class, or with this text; without a name the worst that is active, of those the newest. */
function theOne(all: readonly Alert[], name: string): Alert | undefined {
  const wanted = name.trim().toLowerCase();
  const rank = ({ level }: Alert) => (ALERT_LEVELS as readonly string[]).indexOf(level ?? '');
  const ordered = all.toSorted(
    (a, b) =>
      Number(isActive(b)) - Number(isActive(a)) || rank(b) - rank(a) || (b.datetime ?? 0) - (a.datetime ?? 0),
  );
  if (wanted === '') return ordered.find(isActive);
  const found =
    ordered.find(({ uuid }) => uuid?.toLowerCase() === wanted) ??
    ordered.find(({ klass }) => klass?.toLowerCase() === wanted) ??
    ordered.find((each) => `${alertText(each)} ${each.klass ?? ''}`.toLowerCase().includes(wanted));
  if (found !== undefined) return found;
  const classes = [...new Set(all.flatMap(({ klass }) => klass ?? []))];
  const near = nearNames(name, classes);
  const shown = (near.length > 0 ? near : classes.slice(0, 12)).map((each) => safeCell(each, 60));
  throw new InputProblem(
    'name',
    `names no alert: ${JSON.stringify(safeCell(name, 80))}`,
    shown.length === 0 ? 'there is none' : `classes of alerts that are there: ${shown.join(', ')}`,
  );
}

/** The diagnosis of what the alert is about, where its arguments name that. */
async function lookAtSubject(context: SubjectContext, found: Alert): Promise<Diagnosis | undefined> {
  if (isOfOtherNode(found)) return undefined;
  const args = found.args?.all ?? {};
  const text = (key: string): string | undefined => (typeof args[key] === 'string' ? args[key] : undefined);
  const klass = found.klass ?? '';
  const id = found.args?.id ?? null;
  const [subject, name] = ((): readonly [Subject, string | undefined] | readonly [] => {
    if (/^(?:VolumeStatus|ZpoolCapacity)/u.test(klass)) return [pool, found.args?.volume ?? undefined];
    if (klass === 'BootPoolStatus') return [pool, 'boot-pool'];
    if (/^SMART/u.test(klass)) return [disk, text('name') ?? /\/dev\/(\w+)/u.exec(text('device') ?? '')?.[1]];
    if (klass === 'ReplicationFailed') return [replication, id === null ? text('name') : String(id)];
    if (klass === 'CloudSyncTaskFailed') return [task, id === null ? text('name') : `cloud_sync ${id}`];
    if (klass === 'SnapshotFailed') return [task, id === null ? undefined : `snapshot ${id}`];
    if (klass === 'RsyncFailed') return [task, id === null ? undefined : `rsync ${id}`];
    if (/^Certificate/u.test(klass)) return [certificate, text('name')];
    return [];
  })();
  if (subject === undefined || name === undefined) return undefined;
  try {
    return await subject.diagnose(context, name);
  } catch (error) {
    const headline = `${safeCell(name, 60)}, which`;
    if (error instanceof InputProblem)
      return { headline: `${headline} is not there any more`, findings: [], unjudged: [], lines: [] };
    if (!isTrueNasError(error) || error.kind === 'aborted') throw error;
    return {
      headline: `${headline} could not be read`,
      findings: [],
      unjudged: [`what it is about (${gapOf(error).why})`],
      lines: [],
    };
  }
}
