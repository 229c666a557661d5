/** One app as the tools that change apps see it. */
import type { State, Target } from '../../changes/change.ts';
import { nearNames } from '../../output/near-names.ts';
import { InputProblem } from '../../output/problem.ts';
import { safeCell } from '../../output/untrusted.ts';
import type { ReadClient } from '../../truenas/client.ts';
import { query } from '../../truenas/query.ts';
import { field, type RowOf, rowsOf } from '../support/rows.ts';
import { presentTarget, rowThing } from '../support/targets.ts';

const APP = {
  name: field.rawText,
  state: field.text,
  version: field.rawText,
  human_version: field.text,
  upgrade_available: field.flag,
  custom_app: field.flag,
  active_workloads: field.object({
    containers: field.number,
    used_ports: field.list({ host_ports: field.list({ host_port: field.number }) }),
  }),
};
export type App = RowOf<typeof APP>;

/** What makes the containers of an app others than before. */
const CONTAINERS = 'active_workloads.container_details';

/**
 * The app.
 * @throws InputProblem when none is called so, naming near ones
 */
export async function findApp(nas: ReadClient, wanted: string): Promise<App & { readonly name: string }> {
  const apps = rowsOf(await nas.call('app.query', query()), APP);
  const found = apps.find(({ name }) => name?.toLowerCase() === wanted.trim().toLowerCase());
  if (found?.name !== undefined && found.name !== null) return { ...found, name: found.name };
  const names = apps.flatMap(({ name }) => name ?? []);
  const near = nearNames(wanted, names);
  const shown = (near.length > 0 ? near : names.slice(0, 20)).map((name) => safeCell(name, 40)).join(', ');
  throw new InputProblem(
    'app',
    `no app is called ${safeCell(wanted)}`,
    shown === '' ? 'The NAS shows no apps: none is installed, or apps are not running.' : `apps: ${shown}`,
  );
}

/** The app as a target. `renews`: its containers are others afterwards. */
export function appTarget(
  nas: ReadClient,
  app: string,
  after: State,
  { renews = false }: { readonly renews?: boolean } = {},
): Promise<Target & { readonly before: State }> {
  const thing = rowThing(`app ${app}`, 'app.query', ['name', '=', app], { identity: ['name'] });
  return presentTarget(
    nas,
    { ...thing, written: ['state', 'version'], ...(renews ? { renewed: [CONTAINERS] } : {}) },
    after,
    { absent: () => new InputProblem('app', `${safeCell(app)} is not there any more`) },
  );
}

/** The fact by which the end of running work is judged: only a stopped app has nobody who uses it. */
export function appFacts({ state }: App): Readonly<Record<string, unknown>> {
  return state === null ? {} : { isRunning: state !== 'STOPPED' };
}

/** `ports 30027; its users are cut off meanwhile`. */
export function useLines({ active_workloads: workloads, state }: App): string[] {
  if (state === 'STOPPED') return [];
  const ports = [
    ...new Set(
      workloads?.used_ports.flatMap(({ host_ports: all }) => all.flatMap((port) => port.host_port ?? [])),
    ),
  ];
  const at = ports.length === 0 ? '' : ` (port ${ports.slice(0, 8).join(', ')})`;
  return [`who uses the app${at} is cut off; how many they are is UNKNOWN`];
}
