/** Why an app does not run, does not come up, or may not write. */
import { type AppPath, judgeApp } from '../../../findings/app.ts';
import { formatDuration } from '../../../output/time.ts';
import { safeCell } from '../../../output/untrusted.ts';
import type { ReadClient } from '../../../truenas/client.ts';
import { query } from '../../../truenas/query.ts';
import { gapText, readPart, valueOr } from '../../support/part.ts';
import { field, objectOf, type RowOf, rowsOf } from '../../support/rows.ts';
import { readJobSight, sightNote } from '../job-sight.ts';
import {
  type App,
  readApps,
  readFolders,
  readSetup,
  takenPorts,
  uiPorts,
  unreadHoldings,
} from './app-parts.ts';
import { noneCalled } from './named.ts';
import { some, type Subject } from './subject.ts';

/** The states of an app of every release. */
const STATES: ReadonlySet<string> = new Set(['CRASHED', 'DEPLOYING', 'RUNNING', 'STOPPED', 'STOPPING']);

export const app: Subject = {
  uses: [
    'app.query',
    'docker.status',
    'core.get_jobs',
    'auth.me',
    'filesystem.getacl',
    'filesystem.stat',
    'system.general.config',
  ],
  async diagnose({ nas, nowMs }, wanted) {
    const docker = await readPart(nas, dockerState);
    const dockerIs = valueOr(docker, null);
    const isDown = dockerIs !== null && dockerIs !== 'RUNNING';
    const apps = await readApps(nas);
    const names = apps.map(({ name }) => name);
    const found = apps.find(({ name }) => name?.toLowerCase() === wanted.trim().toLowerCase());
    // While Docker is down no app is listed at all.
    if (found === undefined && !isDown) throw noneCalled('app', wanted, names);
    const name = found?.name ?? wanted.trim();
    const [setup, jobs, sight, ui] = await Promise.all([
      readPart(nas, (limited) => readSetup(limited, name)),
      readPart(nas, (limited) => jobsOn(limited, name)),
      readJobSight(nas),
      readPart(nas, uiPorts),
    ]);
    const known = valueOr(setup, undefined);
    const paths = found === undefined || known === undefined ? [] : await readFolders(nas, found, known);
    const about = safeCell(name, 60);
    const seesAll = valueOr(sight, 'some') === 'all';
    return {
      headline: `app ${about} is ${safeCell(found?.state ?? 'in a state nobody knows', 30)}${found?.human_version ? `, version ${safeCell(found.human_version, 40)}` : ''}`,
      findings: judgeApp({
        name: about,
        state: found?.state ?? null,
        docker: isDown ? `Docker is ${safeCell(dockerIs, 40)}` : undefined,
        ...jobFacts(valueOr(jobs, undefined), seesAll, nowMs),
        portsTaken: found === undefined ? [] : takenPorts(found, known, apps, valueOr(ui, []) ?? []),
        paths,
      }),
      unjudged: [
        ...some(
          gapText(docker) === undefined
            ? dockerIs === null && 'state of Docker'
            : `state of Docker ${gapText(docker)}`,
        ),
        ...unreadOf(found, {
          'as whom it works': setup,
          'ports of the web interface': ui,
          'jobs on it': jobs,
          'whether this key sees all jobs': sight,
        }),
        ...some(apps.some((each) => each.name === null) && 'names of some apps'),
        ...some(
          apps.some((each) => each !== found && unreadHoldings(each).includes('ports')) &&
            'ports of some apps',
        ),
        ...paths.flatMap(({ access, path, seen }) =>
          access === 'unknown' ? [`access to ${path}: ${seen}`] : [],
        ),
      ],
      lines: linesOf(found, paths, sightNote(sight)),
    };
  },
};

function unreadOf(
  found: App | undefined,
  parts: Readonly<Record<string, Awaited<ReturnType<typeof readPart<unknown>>>>>,
): string[] {
  return [
    ...Object.entries(parts).flatMap(([what, part]) => {
      const gap = gapText(part);
      if (gap !== undefined) return [`${what} ${gap}`];
      return 'value' in part && part.value === null ? [what] : [];
    }),
    ...some(found !== undefined && !STATES.has(found.state ?? '') && 'its state'),
    ...(found === undefined ? [] : unreadHoldings(found).map((what) => `its ${what}`)),
  ];
}

function linesOf(found: App | undefined, paths: readonly AppPath[], note: string | undefined): string[] {
  const fine = paths.filter(({ access }) => access === 'may write').map(({ path }) => path);
  const hasNone = found !== undefined && found.state !== 'RUNNING' && paths.length === 0;
  return [
    ...some(
      fine.length > 0 &&
        `may write to: ${fine.join(', ')} (folders above it and files inside were not looked at)`,
    ),
    ...some(
      hasNone &&
        'The NAS names no host folder of it; while it is down that proves nothing: check the folders in Apps > the app > Edit, each must be writable for user 568 (apps), of databases for 999.',
    ),
    ...some(note),
  ];
}

async function dockerState(nas: ReadClient): Promise<string | null> {
  return objectOf(await nas.call('docker.status', []), { status: field.text }).status;
}

const JOB = {
  id: field.number,
  method: field.text,
  state: field.text,
  error: field.text,
  arguments: field.items,
  time_started: field.time,
};
type Job = RowOf<typeof JOB>;
/** Jobs on apps that are looked through, the newest first. */
const MAX_JOBS = 200;

async function jobsOn(nas: ReadClient, name: string): Promise<Job[]> {
  const parameters = query({
    filters: [['method', '^', 'app.']],
    select: Object.keys(JOB),
    orderBy: ['-id'],
    limit: MAX_JOBS,
  });
  return rowsOf(await nas.call('core.get_jobs', parameters), JOB).filter((job) => {
    const [first] = job.arguments ?? [];
    return (
      first === name ||
      (typeof first === 'object' && first !== null && 'app_name' in first && first.app_name === name)
    );
  });
}

/** The job that works on it, and the newest one where that failed. */
function jobFacts(jobs: readonly Job[] | undefined, seesAll: boolean, nowMs: number) {
  const running = jobs?.find((job) => job.state === 'RUNNING');
  const started = running?.time_started ?? null;
  const [last] = jobs ?? [];
  return {
    deployingFor: started === null ? undefined : formatDuration(Math.max(0, nowMs - started)),
    hasRunningJob: running !== undefined ? true : seesAll && jobs !== undefined ? false : undefined,
    failed:
      last?.state === 'FAILED'
        ? {
            method: safeCell(last.method ?? '-', 40),
            id: last.id,
            error: safeCell(last.error ?? 'no text', 240),
          }
        : undefined,
  };
}
