/** Apps that do not run, do not come up, or cannot write. */
import type { Finding, FindingKind } from './finding.ts';

/** A folder of the NAS that an app uses. */
export interface AppPath {
  /** Safe text. */
  readonly path: string;
  readonly access: 'may write' | 'may not write' | 'missing' | 'unknown';
  /** `uid 568`: as whom the app works; safe text. */
  readonly user: string;
  /** Owner and mode or ACL; safe text. */
  readonly seen: string;
}

/** An app, as far as its troubles go. */
export interface AppFacts {
  /** Safe text. */
  readonly name: string;
  readonly state: string | null;
  /** State of the service under all apps, when it is not RUNNING. */
  readonly docker: string | undefined;
  /** For how long it has been deploying; undefined where no job tells. */
  readonly deployingFor: string | undefined;
  /** True while a job works on it. */
  readonly hasRunningJob: boolean | undefined;
  /** The newest job on it, when that failed: its method, number and error; safe text. */
  readonly failed:
    | { readonly method: string; readonly id: number | null; readonly error: string }
    | undefined;
  /** Ports of it that something else holds: `30041 (app jellyfin)`. */
  readonly portsTaken: readonly string[];
  readonly paths: readonly AppPath[];
}

const DOCKER: FindingKind = {
  id: 'app.docker_down',
  level: 'CRITICAL',
  what: 'apps are not running at all',
  means: 'The service under all apps is not up; mostly its pool is missing or locked.',
  certainty: 'sure',
  seeAlso: 'Apps > Configuration > Choose Pool; list_pools',
};
const PORT: FindingKind = {
  id: 'app.port_in_use',
  level: 'CRITICAL',
  what: 'port taken by something else',
  means: 'Two things cannot listen at one port: the app does not start.',
  certainty: 'sure',
  seeAlso: 'give one of them another port: Apps > the app > Edit',
};
const PATH_MISSING: FindingKind = {
  id: 'app.path_missing',
  level: 'CRITICAL',
  what: 'folder of the app missing',
  means: 'It was deleted or renamed, or its dataset is locked or not imported.',
  certainty: 'sure',
  seeAlso: 'list_datasets; make it again, or Apps > the app > Edit',
};
const PERMISSION: FindingKind = {
  id: 'app.permission',
  level: 'WARNING',
  what: 'app may not write to its folder',
  means:
    'Apps work as user 568 (apps) or one of their own, such as 999 for databases, and need write access.',
  certainty: 'likely',
  seeAlso: 'set_permissions',
};
const CRASHED: FindingKind = {
  id: 'app.crashed',
  level: 'CRITICAL',
  what: 'app crashed',
  means: 'A container ended by itself; its log says why.',
  certainty: 'sure',
  seeAlso: 'Apps > the app > Logs; then start_app',
};
const STUCK: FindingKind = {
  id: 'app.stuck_deploying',
  level: 'WARNING',
  what: 'app still deploying',
  means: 'Containers that wait for one that is not healthy, an image that does not come, or a full disk.',
  certainty: 'likely',
  seeAlso: 'Apps > the app > Logs; list_jobs; when no job works on it: stop_app, then start_app',
};
const ACTION_FAILED: FindingKind = {
  id: 'app.action_failed',
  level: 'WARNING',
  what: 'last action on the app failed',
  means: 'The error of the job names the container or the image that did not come up.',
  certainty: 'sure',
  seeAlso: 'get_job',
};
const STOPPED: FindingKind = {
  id: 'app.stopped',
  level: 'WARNING',
  what: 'app stopped',
  means: 'Somebody stopped it, or it was never started.',
  certainty: 'sure',
  repairedBy: 'start_app',
};

/** Every kind of finding here. */
export const APP_KINDS: readonly FindingKind[] = [
  DOCKER,
  PORT,
  PATH_MISSING,
  PERMISSION,
  CRASHED,
  STUCK,
  ACTION_FAILED,
  STOPPED,
];

/** Findings about an app, causes before what follows from them. */
export function judgeApp(facts: AppFacts): Finding[] {
  const { name: about, state, failed, docker } = facts;
  const logs = `Apps > ${about} > Logs`;
  const found: (Finding | false)[] = [
    docker !== undefined && { kind: DOCKER, about, evidence: docker },
    ...facts.portsTaken.map((evidence) => ({ kind: PORT, about, evidence })),
    failed !== undefined &&
      facts.portsTaken.length === 0 &&
      isPortError(failed.error) && { kind: PORT, about, evidence: failed.error },
    ...facts.paths.flatMap((path) => judgePath(path)),
    state === 'CRASHED' && { kind: CRASHED, about, next: logs },
    state === 'DEPLOYING' && {
      kind: STUCK,
      about,
      ...(facts.deployingFor === undefined
        ? facts.hasRunningJob === false
          ? { evidence: 'no job works on it' }
          : {}
        : { evidence: `for ${facts.deployingFor}` }),
    },
    failed !== undefined && {
      kind: ACTION_FAILED,
      about,
      evidence: `${failed.method}: ${failed.error}`,
      ...(failed.id === null ? {} : { next: `get_job ${JSON.stringify({ id: failed.id })}` }),
    },
    state === 'STOPPED' && { kind: STOPPED, about, arguments: { app: about } },
  ];
  return found.filter((finding) => finding !== false);
}

function isPortError(error: string): boolean {
  return /port is already allocated|address already in use|port.{0,40}(?:in use|being used)/iu.test(error);
}

function judgePath({ path, access, user, seen }: AppPath): Finding[] {
  if (access === 'missing') return [{ kind: PATH_MISSING, about: path }];
  if (access !== 'may not write') return [];
  const next = `set_permissions ${JSON.stringify({ path })} with write for ${user}`;
  return [{ kind: PERMISSION, about: path, evidence: `${user} may not write; ${seen}`, next }];
}
