import * as z from 'zod';
import { didYouMean, nearNames } from '../../output/near-names.ts';
import { InputProblem } from '../../output/problem.ts';
import { cutMiddle, quoted, safeCell } from '../../output/untrusted.ts';
import type { ReadClient } from '../../truenas/client.ts';
import { Problem } from '../../truenas/problem.ts';
import { query } from '../../truenas/query.ts';
import { defineTool } from '../define.ts';
import { matchesName } from '../support/inputs.ts';
import { factsOutput } from '../support/outputs.ts';
import { field, type RowOf, rowsOf } from '../support/rows.ts';

const CONTAINER = { id: field.rawText, service_name: field.rawText, state: field.text };
const APP = {
  name: field.rawText,
  state: field.text,
  active_workloads: field.object({ container_details: field.objects(CONTAINER) }),
};
type Container = RowOf<typeof CONTAINER>;

/** Most of a log that is shown, in characters. */
const MAX_LENGTH = 12_000;
const MOST_LINES = 500;

/** The end of the log of one container of an app. */
export const getAppLogs = defineTool({
  name: 'get_app_logs',
  toolset: 'apps',
  isListedOnRequest: true,
  title: 'Get app logs',
  words: 'container docker log tail output error crash of an app',
  description: 'The last lines that a container of an app wrote.',
  input: z.strictObject({
    app: z.string(),
    container: z.string().optional(),
    lines: z.number().int().min(1).max(MOST_LINES).optional().describe('default 100'),
    contains: z.string().optional(),
  }),
  output: factsOutput,
  carriesFreeText: true,
  uses: ['app.query'],
  examples: [
    { args: { app: 'nextcloud' }, why: 'of an app of the simulated NAS' },
    { args: { app: 'jellyfin', lines: 20, contains: 'started' }, why: 'lines that hold a word' },
    { args: { app: 'immich' }, why: 'of an app without containers' },
  ],
  async run(nas, { app: wanted, container: which, lines = 100, contains }) {
    const { app, containers } = await appNamed(nas, wanted);
    const name = safeCell(app.name ?? wanted, 60);
    if (containers === undefined) return containersUntold(name);
    const container = chosen(containers, which);
    if (container === undefined) {
      const text = `${name} is ${app.state ?? 'in an unknown state'} and has no container: there is no log. get_item {"kind":"app","id":"${name}"} shows its last job.`;
      return { text, data: { app: name, state: app.state ?? undefined, lines: [] } };
    }
    if (nas.tail === undefined) throw new LogsUnreadableProblem();
    const { text: log, doubt } = await nas.tail(
      'app.container_log_follow',
      { app_name: app.name, container_id: container.id, tail_lines: lines },
      lines,
    );
    const all = log === '' ? [] : log.split('\n');
    const found = contains === undefined ? all : all.filter((line) => matchesName(line, contains));
    const shown = found.length === 0 ? [] : quoted(cutMiddle(found.join('\n'), MAX_LENGTH));
    const others = containers.filter((each) => each !== container).map(containerText);
    const of = contains === undefined ? '' : ` of ${all.length} that hold ${safeCell(contains, 60)}`;
    const text = [
      `${name}, container ${containerText(container)}: last ${found.length} lines${of}`,
      ...(doubt === undefined ? [] : [`(lines may be missing: ${doubt})`]),
      ...shown,
      ...(others.length === 0 ? [] : [`other containers: ${others.join(', ')}`]),
    ].join('\n');
    const missing = doubt === undefined ? {} : { mayLackLines: doubt };
    return {
      text,
      data: { app: name, container: containerText(container), lines: shown, others, ...missing },
    };
  },
});

/** @throws InputProblem when no app is called so */
async function appNamed(nas: ReadClient, wanted: string) {
  if (!(await nas.has('app.query'))) {
    const { family } = await nas.release();
    throw new InputProblem(
      'app',
      `cannot be looked up: TrueNAS ${family} has no apps (app.query)`,
      'jails and plugins keep their logs to themselves',
    );
  }
  const rows = rowsOf(await nas.call('app.query', query({ select: Object.keys(APP) })), APP);
  const app = rows.find(({ name }) => name?.toLowerCase() === wanted.trim().toLowerCase());
  if (app !== undefined) return { app, containers: app.active_workloads?.container_details ?? undefined };
  const names = rows.flatMap(({ name }) => name ?? []);
  throw new InputProblem(
    'app',
    `no app is called ${safeCell(wanted, 60)}`,
    didYouMean(nearNames(wanted, names)) ??
      (names.length > 0
        ? `apps: ${safeCell(names.join(', '), 200)}`
        : 'the NAS shows no app: list_items {"kind":"app"} tells whether Docker runs'),
  );
}

function containersUntold(name: string) {
  const text = `UNKNOWN: the NAS does not tell the containers of ${name}, so no log can be chosen. The web interface shows it: Apps, ${name}, Workloads, View Logs.`;
  return { text, data: { app: name, lines: [], unknown: 'containers' } };
}

/** The one that is asked for; else one that does not run, whose log is the one that is wanted, or the first. */
function chosen(containers: readonly Container[], which: string | undefined): Container | undefined {
  if (which === undefined) return containers.find(({ state }) => state !== 'running') ?? containers[0];
  const found = containers.find(
    ({ id, service_name: name }) =>
      name?.toLowerCase() === which.trim().toLowerCase() ||
      (which.length >= 6 && id?.startsWith(which) === true),
  );
  if (found !== undefined) return found;
  throw new InputProblem(
    'container',
    `no container is called ${safeCell(which, 60)}`,
    containers.length === 0 ? 'the app has none' : `containers: ${containers.map(containerText).join(', ')}`,
  );
}

function containerText({ service_name: name, state }: Container): string {
  return `${safeCell(name ?? '?', 60)} (${safeCell(state ?? 'state not told', 20)})`;
}

/** The connection hears no events, and TrueNAS tells the log of a container by nothing else. */
class LogsUnreadableProblem extends Problem {
  override readonly name = 'LogsUnreadableProblem';
  constructor() {
    super({
      summary: 'The logs of containers cannot be read over this connection: it hears no events of the NAS.',
      nextStep: 'Read the log in the web interface of the NAS: Apps, the app, Workloads, View Logs.',
    });
  }
}
