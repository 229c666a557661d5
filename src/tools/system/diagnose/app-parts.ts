/** What an app holds and wants on the NAS: ports and folders. */
import type { AppPath } from '../../../findings/app.ts';
import { rightsInside } from '../../../findings/permitted.ts';
import { safeCell } from '../../../output/untrusted.ts';
import type { ReadClient } from '../../../truenas/client.ts';
import { query } from '../../../truenas/query.ts';
import { folderOf } from '../../sharing/folder-permissions.ts';
import { field, objectOf, type RowOf, rowsOf } from '../../support/rows.ts';

const PORTS = field.objects({ host_ports: field.objects({ host_port: field.number }) });
const VOLUME = { source: field.rawText, mode: field.text };

/** What is read of every app. */
const APP = {
  name: field.rawText,
  state: field.text,
  human_version: field.text,
  active_workloads: field.object({ used_ports: PORTS, volumes: field.objects(VOLUME) }),
};
export type App = RowOf<typeof APP>;

/** Reads all apps. Calls `app.query`. */
export async function readApps(nas: ReadClient): Promise<App[]> {
  return rowsOf(await nas.call('app.query', query({ select: Object.keys(APP) })), APP);
}

const SETUP = {
  name: field.rawText,
  metadata: field.object({
    run_as_context: field.list({ uid: field.number, gid: field.number, user_name: field.text }),
  }),
  portals: field.record,
};
/** What is read of one app: as whom it works, and the addresses of its pages. */
export type AppSetup = RowOf<typeof SETUP>;

/** Undefined when the app is not there any more. Calls `app.query`. */
export async function readSetup(nas: ReadClient, name: string): Promise<AppSetup | undefined> {
  const parameters = query({ filters: [['name', '=', name]], select: Object.keys(SETUP), limit: 1 });
  return rowsOf(await nas.call('app.query', parameters), SETUP)[0];
}

/** Ports of the web interface; null where one could not be read. Calls `system.general.config`. */
export async function uiPorts(nas: ReadClient): Promise<number[] | null> {
  const shape = { ui_port: field.number, ui_httpsport: field.number };
  const { ui_port: http, ui_httpsport: https } = objectOf(await nas.call('system.general.config', []), shape);
  return http === null || https === null ? null : [http, https];
}

function hostPorts({ active_workloads: held }: App): number[] {
  return (held?.used_ports ?? []).flatMap(({ host_ports: all }) =>
    (all ?? []).flatMap(({ host_port: port }) => port ?? []),
  );
}

/** Ports and folders of an app that could not be read. */
export function unreadHoldings({ active_workloads: held }: App): string[] {
  const ports = held?.used_ports;
  const isOdd = ports?.some(
    ({ host_ports: all }) => all?.every(({ host_port: port }) => port !== null) !== true,
  );
  const volumes = held?.volumes;
  return [
    ...(ports === undefined || ports === null || isOdd === true ? ['ports'] : []),
    ...(volumes === undefined || volumes === null || volumes.some(({ source }) => source === null)
      ? ['folders']
      : []),
  ];
}

/** Ports that the app wants (of one that is down the addresses of its pages tell) and others hold. */
export function takenPorts(
  app: App,
  setup: AppSetup | undefined,
  all: readonly App[],
  ui: readonly number[],
): string[] {
  const pages = Object.values(setup?.portals ?? {}).flatMap((url) =>
    typeof url === 'string' ? (/^https?:\/\/[^/]*?:(\d{1,5})(?:\/|$)/u.exec(url)?.[1] ?? []) : [],
  );
  const wanted = [...new Set([...hostPorts(app), ...pages.map(Number)])];
  const others = all.filter((each) => each !== app);
  return wanted.flatMap((port) => {
    const other = others.find((each) => hostPorts(each).includes(port));
    if (other !== undefined) return [`${port} (app ${safeCell(other.name ?? '-', 60)})`];
    return ui.includes(port) ? [`${port} (web interface of the NAS)`] : [];
  });
}

/** As whom apps work where they say nothing else: the user `apps`. */
const APPS_UID = 568;
/** Folders of an app that are looked at. */
const MAX_PATHS = 8;

/** Host folders that the app writes to, and whether the user that it works as may. */
export async function readFolders(
  nas: ReadClient,
  { active_workloads: held }: App,
  setup: AppSetup,
): Promise<AppPath[]> {
  const users =
    setup.metadata?.run_as_context.flatMap(({ uid, gid }) => (uid === null ? [] : [{ uid, gid }])) ?? [];
  const user = users.find(({ uid }) => uid !== 0) ?? users[0];
  const uid = user?.uid ?? APPS_UID;
  const gid = user?.gid ?? uid;
  const sources = (held?.volumes ?? []).flatMap(({ source, mode }) =>
    source?.startsWith('/mnt/') === true && !source.startsWith('/mnt/.ix-apps/') && mode !== 'ro'
      ? [source]
      : [],
  );
  const paths = [...new Set(sources)].slice(0, MAX_PATHS);
  return Promise.all(paths.map((path) => lookAt(nas, path, uid, gid)));
}

async function lookAt(nas: ReadClient, path: string, uid: number, gid: number): Promise<AppPath> {
  const { facts, gap, isMissing, owner = 'owner UNKNOWN' } = await folderOf(nas, path);
  const own = { path: safeCell(path, 120), user: `uid ${uid}` };
  if (isMissing) return { ...own, access: 'missing', seen: '' };
  if (facts === undefined) return { ...own, access: 'unknown', seen: gap ?? 'could not be read' };
  // A container has no group of the NAS but the one it runs as.
  const [, write] = rightsInside(facts, { uid, gids: [gid], sids: [], isWhole: true });
  const seen = `owner ${safeCell(owner, 80)}, ${facts.kind}`;
  if (write.answer === 'unknown') return { ...own, access: 'unknown', seen: gap ?? write.by };
  return { ...own, access: write.answer === 'yes' ? 'may write' : 'may not write', seen };
}
