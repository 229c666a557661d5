/** `create_app`: an app from a compose file. Values that are secrets are typed by the person who approves. */
import * as z from 'zod';
import type { Change, Target } from '../../changes/change.ts';
import { privilegedPart } from '../../policy/risk/methods/app-values.ts';
import { InputProblem } from '../../output/problem.ts';
import { plural } from '../../output/units.ts';
import { safeCell } from '../../output/untrusted.ts';
import type { ReadClient } from '../../truenas/client.ts';
import { defineChange } from '../define.ts';
import { gapText, readPart, valueOr } from '../support/part.ts';
import { PLACE_USES, type Place, placeOf } from '../support/path-place.ts';
import { field, oddAnswer, objectOf } from '../support/rows.ts';
import { datasetThing, leanedOn, newTarget, rowThing } from '../support/targets.ts';
import { type BoundFolder, type Compose, type PublishedPort, readCompose, withPaths } from './compose.ts';

const UI = { ui_port: field.number, ui_httpsport: field.number };

export const createApp = defineChange({
  name: 'create_app',
  toolset: 'apps',
  access: 'manage',
  isUnlisted: true,
  title: 'Create an app',
  words: 'install run docker compose container custom yaml deploy',
  description: 'Installs an app from a compose file.',
  input: z.strictObject({
    name: z
      .string()
      .regex(
        /^[a-z](?:[-a-z0-9]{0,38}[a-z0-9])?$/u,
        'must be of small letters, digits and -, and begin with a letter',
      ),
    compose: z
      .union([z.string(), z.record(z.string(), z.unknown())])
      .describe(`YAML, or the object it stands for; \${NAME} as a value of environment: typed by the person`),
  }),
  uses: ['app.query', 'app.used_ports', 'system.general.config', ...PLACE_USES],
  writes: ['app.create', 'app.delete'],
  examples: [
    {
      args: {
        name: 'whoami',
        compose: { services: { whoami: { image: 'traefik/whoami:v1.11', ports: ['30500:80'] } } },
      },
      why: 'one container and a port',
    },
    {
      args: {
        name: 'photos',
        compose: `services:\n  web:\n    image: example/photos:2\n    ports: ["30501:8080"]\n    environment:\n      DB_PASSWORD: \${DB_PASSWORD}\n    volumes:\n      - /mnt/tank/media:/photos:ro\n`,
      },
      why: 'a password that the person types, and a folder of the NAS',
    },
  ],
  async plan(nas, { name, compose: given }): Promise<Change> {
    const target = `app ${name}`;
    const compose = await readCompose(given, target);
    const unread = await checkPorts(nas, compose.ports);
    const bound = await placesOf(nas, compose.folders);
    const paths = new Map(bound.map(({ folder, place }) => [folder.source, place.path]));
    const thing = rowThing(target, 'app.query', ['name', '=', name], { identity: ['name'] });
    const app = await newTarget(
      nas,
      { ...thing, written: ['state', 'version'] },
      { state: 'RUNNING' },
      { argument: 'name' },
    );
    const images = compose.services.map(({ image }) => safeCell(image, 80));
    return {
      summary: `Create app ${name} from a compose file: ${images.slice(0, 4).join(', ')}${images.length > 4 ? ', …' : ''}`,
      calls: [
        {
          method: 'app.create',
          params: [{ app_name: name, custom_app: true, custom_compose_config: withPaths(compose, paths) }],
          purpose: `install ${name}`,
        },
      ],
      targets: [
        // What gets at the NAS itself gets at every dataset.
        { ...app, ...(privilegedPart(compose.config) === undefined ? {} : { isUnplaced: true as const }) },
        ...(await datasetTargets(nas, bound)),
      ],
      impact: [...impactOf(compose, bound), ...unread],
      undo: {
        calls: [
          {
            method: 'app.delete',
            params: [name, { remove_images: false, remove_ix_volumes: false }],
            purpose: `remove ${name}`,
            undoes: 0,
          },
        ],
        lost: [
          'its images stay',
          ...(compose.volumes.length === 0 ? [] : ['what it stored in named volumes stays as well']),
        ],
      },
    };
  },
});

/**
 * Compares ports with those that are taken.
 * @returns what could not be read; the NAS would make the app, which then does not come up
 * @throws InputProblem for a port that something else has
 */
async function checkPorts(nas: ReadClient, ports: readonly PublishedPort[]): Promise<string[]> {
  const keys = ports.map(({ port, protocol }) => `${port}/${protocol}`);
  const twice = keys.find((key, index) => keys.indexOf(key) < index);
  if (twice !== undefined) throw new InputProblem('compose', `opens port ${safeCell(twice, 20)} twice`);
  if (ports.length === 0) return [];
  const [used, web] = await Promise.all([
    readPart(nas, async (reader) => numbersOf(await reader.call('app.used_ports'))),
    readPart(nas, async (reader) => objectOf(await reader.call('system.general.config'), UI)),
  ]);
  const { ui_port: http, ui_httpsport: https } = valueOr(web, { ui_port: null, ui_httpsport: null });
  for (const { port, service } of ports) {
    const isWeb = port === http || port === https;
    if (!isWeb && !valueOr<readonly number[], readonly number[]>(used, []).includes(port)) continue;
    throw new InputProblem(
      'compose',
      `opens port ${port} for ${safeCell(service, 60)}, which ${isWeb ? 'the web interface of the NAS' : 'another app'} has`,
      'Choose another, such as one above 30000.',
    );
  }
  return [
    ...('gap' in used ? [`whether other apps have its ports: UNKNOWN, ${gapText(used) ?? ''}`] : []),
    ...('gap' in web ? [`whether the web interface has its ports: UNKNOWN, ${gapText(web) ?? ''}`] : []),
  ];
}

function numbersOf(value: unknown): readonly number[] {
  if (!Array.isArray(value) || !value.every((port): port is number => typeof port === 'number'))
    throw oddAnswer(value, 'the ports that apps use');
  return value;
}

interface Bound {
  readonly folder: BoundFolder;
  readonly place: Place;
}

/** Where the folders really are. */
async function placesOf(nas: ReadClient, folders: readonly BoundFolder[]): Promise<Bound[]> {
  return Promise.all(
    folders.map(async (folder) => ({ folder, place: await placeOf(nas, 'compose', folder.source) })),
  );
}

function impactOf({ services, ports, volumes, typed }: Compose, bound: readonly Bound[]): string[] {
  const shown = [...new Set(ports.map(({ port, protocol }) => `${port}/${protocol}`))];
  return [
    `${plural(services.length, 'container')} of ${services.map(({ image }) => safeCell(image, 80)).join(', ')}: what these images do, nobody here can tell`,
    shown.length === 0
      ? 'opens no port of the NAS'
      : `opens port ${shown.slice(0, 20).join(', ')}${shown.length > 20 ? `, … (${shown.length})` : ''} of the NAS, to everybody who reaches it`,
    ...bound.map(
      ({ folder, place }) =>
        `${safeCell(folder.service, 60)} may ${folder.isReadonly ? 'read' : 'read, change and delete'} what lies in ${safeCell(place.path, 200)}${ownerOf(place)}`,
    ),
    ...(volumes.length === 0
      ? []
      : [
          `the volume${volumes.length === 1 ? '' : 's'} ${volumes.map((name) => safeCell(name, 60)).join(', ')} lie where apps are kept: no snapshot or replication task of your datasets covers them`,
        ]),
    ...(typed.length === 0
      ? []
      : [`typed at the approval: ${typed.map((name) => safeCell(name, 60)).join(', ')}`]),
  ];
}

function ownerOf({ uid, gid, mode }: Place): string {
  if (uid === null || gid === null || mode === null) return '; whom it belongs to is UNKNOWN';
  return ` (owner ${uid}:${gid}, mode ${(mode & 0o7777).toString(8)}: the user inside the container must fit)`;
}

async function datasetTargets(nas: ReadClient, bound: readonly Bound[]): Promise<Target[]> {
  const names = [...new Set(bound.map(({ place }) => place.dataset))];
  return Promise.all(
    names.map((name) =>
      leanedOn(nas, datasetThing(name), {
        name: `dataset ${name}, a folder of which the app gets`,
        absent: () => new InputProblem('compose', `leads to ${safeCell(name)}, which is gone`),
      }),
    ),
  );
}
