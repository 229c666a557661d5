import { safeCell } from '../../../output/untrusted.ts';
import { formatInstant } from '../../../output/time.ts';
import { query } from '../../../truenas/query.ts';
import { readJobSight, sightNote } from '../../system/job-sight.ts';
import { field, objectOf, type RowOf, rowsOf } from '../../support/rows.ts';
import { defineKind, joined } from '../kind.ts';
import { notesWithoutApps } from './docker-note.ts';

const port = {
  container_port: field.number,
  protocol: field.text,
  host_ports: field.objects({ host_port: field.number }),
};
const volume = { source: field.text, destination: field.text, mode: field.text };
const workloads = field.object({
  containers: field.number,
  used_ports: field.objects(port),
  container_details: field.objects({
    service_name: field.text,
    image: field.text,
    state: field.text,
    port_config: field.objects(port),
  }),
  volumes: field.objects(volume),
  images: field.texts,
});

/** Apps. Their settings (`app.config`) hold passwords under any name and are never read. */
export const app = defineKind({
  name: 'app',
  toolset: 'apps',
  noun: 'apps',
  about: 'state, version and the newest, ports, volumes, containers, last job',
  words: ['application', 'docker app', 'container app', 'service of an app', 'plugin'],
  sources: [{ method: 'app.query' }],
  row: {
    name: field.text,
    upgrade_available: field.flag,
    latest_version: field.text,
    active_workloads: workloads,
    portals: field.record,
    last_job: joined<string>(),
  },
  columns: {
    name: { type: 'text', from: 'name', isAlwaysThere: true, isKey: true, sort: 'asc' },
    state: { type: 'text', from: 'state', isAlwaysThere: true, sort: 'asc' },
    version: { type: 'text', from: 'version', isAlwaysThere: true },
    newest: {
      type: 'text',
      value: (row) => (row.upgrade_available === true ? row.latest_version : null),
      needs: ['latest_version'],
    },
    update: { type: 'flag', from: 'upgrade_available', isAlwaysThere: true },
    image_update: { type: 'flag', from: 'image_updates_available', isAlwaysThere: true },
    ports: { type: 'texts', value: (row) => portsOf(row.active_workloads), needs: ['active_workloads'] },
    train: { type: 'text', from: 'metadata.train' },
    custom: { type: 'flag', from: 'custom_app', isAlwaysThere: true, isOnDemand: true },
    app_version: { type: 'text', from: 'metadata.app_version', isOnDemand: true },
    containers: {
      type: 'number',
      value: (row) => row.active_workloads?.containers,
      needs: ['active_workloads'],
      isOnDemand: true,
    },
    host_paths: {
      type: 'texts',
      value: (row) => hostPaths(row.active_workloads),
      needs: ['active_workloads'],
      isOnDemand: true,
    },
    images: {
      type: 'texts',
      value: (row) => row.active_workloads?.images,
      needs: ['active_workloads'],
      isOnDemand: true,
    },
    web: {
      type: 'texts',
      value: ({ portals }) =>
        portals === null
          ? null
          : Object.values(portals).flatMap((url) => (typeof url === 'string' ? [url] : [])),
      needs: ['portals'],
      isOnDemand: true,
    },
    action_required: { type: 'flag', from: 'action_required', isOnDemand: true },
    last_job: { type: 'text', value: (row) => row.last_job, maxLength: 120, isOnDemand: true },
  },
  named: 'name',
  whenEmpty: notesWithoutApps,
  alsoSelects: ['human_version', 'migrated', 'latest_app_version', 'metadata.description'],
  joins: [
    {
      columns: ['last_job'],
      uses: ['core.get_jobs', 'auth.me'],
      async read(nas) {
        const [sight, result] = await Promise.all([
          readJobSight(nas),
          nas.call(
            'core.get_jobs',
            query({
              filters: [['method', '^', 'app.']],
              select: Object.keys(job),
              orderBy: ['-id'],
              limit: MAX_JOBS,
            }),
          ),
        ]);
        const jobs = rowsOf(result, job);
        const note = sightNote(sight);
        return {
          add({ name }) {
            const last = jobs.find(({ arguments: given }) => name !== null && given?.[0] === name);
            return last === undefined ? {} : { last_job: jobText(last) };
          },
          notes: note === undefined ? [] : [note],
        };
      },
    },
  ],
  details: [
    {
      title: 'containers',
      uses: [],
      async read(_nas, { active_workloads: found }) {
        const all = found?.container_details;
        if (all === undefined || all === null || all.length === 0) return undefined;
        const lines = all.slice(0, MAX_LINES).map((each) => {
          const ports = each.port_config?.flatMap(portText) ?? [];
          const at = ports.length === 0 ? '' : `, ports ${ports.join(', ')}`;
          return safeCell(
            `${each.service_name ?? '?'}: ${each.state ?? 'state not told'}, ${each.image ?? '?'}${at}`,
            200,
          );
        });
        return { lines, data: lines };
      },
    },
    {
      title: 'volumes',
      uses: [],
      async read(_nas, { active_workloads: found }) {
        const all = found?.volumes;
        if (all === undefined || all === null || all.length === 0) return undefined;
        const lines = all
          .slice(0, MAX_LINES)
          .map(({ source, destination, mode }) =>
            safeCell(`${source ?? '?'} at ${destination ?? '?'}${mode === null ? '' : ` (${mode})`}`, 200),
          );
        return { lines, data: lines };
      },
    },
    {
      title: 'upgrade',
      uses: ['app.upgrade_summary'],
      async read(nas, { name, upgrade_available: has }) {
        if (has !== true || name === null) return undefined;
        const found = objectOf(await nas.call('app.upgrade_summary', [name]), {
          upgrade_human_version: field.text,
          available_versions_for_upgrade: field.objects({ human_version: field.text }),
          changelog: field.text,
        });
        const versions = found.available_versions_for_upgrade?.flatMap((each) => each.human_version ?? []);
        const lines = [
          `to ${safeCell(found.upgrade_human_version ?? 'a version that could not be read', 80)}`,
          ...(versions === undefined || versions.length < 2
            ? []
            : [`also: ${safeCell(versions.slice(0, 10).join(', '), 200)}`]),
          ...(found.changelog === null || found.changelog === ''
            ? []
            : [`changes: ${safeCell(found.changelog, 300)}`]),
        ];
        return { lines, data: lines };
      },
    },
  ],
  changedBy: ['upgrade_app', 'rollback_app', 'start_app', 'stop_app', 'restart_app'],
  mayLack: [
    { method: 'core.get_jobs' },
    { method: 'auth.me' },
    { method: 'docker.status' },
    { method: 'app.upgrade_summary' },
  ],
  examples: [
    { args: {}, why: 'what runs, and what has an update' },
    {
      args: { filter: ['state!=RUNNING'], fields: ['state', 'last_job'] },
      why: 'what does not run, and why',
    },
    { args: { name: 'paperless' }, why: 'one that is not installed' },
    { args: { name: 'next', fields: ['host_paths', 'images', 'web'] }, why: 'what one uses' },
  ],
  getExamples: [
    { args: { id: 'nextcloud' }, why: 'by name, with what an upgrade brings' },
    { args: { id: 'no-such-app' }, why: 'a name that is none' },
  ],
});

const job = {
  id: field.number,
  method: field.text,
  arguments: field.items,
  state: field.text,
  error: field.text,
  time_finished: field.time,
};
/** The newest jobs that are looked through. */
const MAX_JOBS = 300;
/** Containers and volumes of one app that are shown. */
const MAX_LINES = 40;

interface JobFacts {
  readonly id: number | null;
  readonly method: string | null;
  readonly state: string | null;
  readonly error: string | null;
  readonly time_finished: number | null;
}

function jobText({ id, method, state, error, time_finished: ms }: JobFacts): string {
  const at = ms === null ? '' : ` ${formatInstant(ms)}`;
  return `${method ?? '?'} ${state ?? '?'}${at} (job ${id ?? '?'})${error === null || error === '' ? '' : `: ${error}`}`;
}

type Workloads = ReturnType<typeof workloads>;

/** Ports of the NAS. */
function portsOf(found: Workloads): string[] | null {
  const ports = found?.used_ports;
  if (ports === undefined || ports === null || ports.some(({ host_ports: host }) => host === null))
    return null;
  const numbers = ports.flatMap(
    ({ host_ports: host }) => host?.flatMap((each) => each.host_port ?? []) ?? [],
  );
  return [...new Set(numbers)].toSorted((a, b) => a - b).map(String);
}

function portText({ container_port: inside, protocol, host_ports: host }: RowOf<typeof port>): string[] {
  const outside = [...new Set(host?.flatMap((each) => each.host_port ?? []))];
  return outside.map((number) => `${number}->${inside ?? '?'}/${protocol ?? '?'}`);
}

/** Paths of the NAS that its containers have. */
function hostPaths(found: Workloads): string[] | null {
  const volumes = found?.volumes;
  if (volumes === undefined || volumes === null) return null;
  return [...new Set(volumes.flatMap(({ source }) => (source?.startsWith('/') === true ? [source] : [])))];
}
