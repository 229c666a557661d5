/**
 * A compose file as an app of the NAS gets it: read as YAML, its variables filled in, and refused where the NAS would do
 * something else than its author means. It sends nothing and reads nothing of the NAS.
 */
import { secretOf } from '../../changes/change.ts';
import { isPlaceholder } from '../../changes/secrets.ts';
import { InputProblem } from '../../output/problem.ts';
import { safeCell } from '../../output/untrusted.ts';
import { heldSecret } from '../support/held-secret.ts';

/** A port of the NAS that leads to a container. */
export interface PublishedPort {
  readonly service: string;
  readonly port: number;
  /** `tcp` or `udp`. */
  readonly protocol: string;
}

/** A folder of the NAS that a container gets. */
export interface BoundFolder {
  readonly service: string;
  readonly source: string;
  readonly isReadonly: boolean;
}

/** What a compose file asks for. */
export interface Compose {
  /** As it is sent; values that a person types are placeholders. */
  readonly config: Readonly<Record<string, unknown>>;
  readonly services: readonly { readonly name: string; readonly image: string }[];
  readonly ports: readonly PublishedPort[];
  readonly folders: readonly BoundFolder[];
  /** Named volumes: they lie where the NAS keeps apps. */
  readonly volumes: readonly string[];
  /** Names of values that a person types. */
  readonly typed: readonly string[];
}

type Fields = Readonly<Record<string, unknown>>;

/**
 * Reads a compose file, as YAML text or as the object that it stands for. `${NAME}` as the whole value of an environment
 * variable is typed by the person who approves.
 * @param target the name of the app as a target
 * @throws InputProblem naming the place
 */
export async function readCompose(given: string | Fields, target: string): Promise<Compose> {
  const parsed = typeof given === 'string' ? await yamlOf(given) : given;
  const services = Object.entries(servicesOf(parsed)).map(
    ([name, service]): [string, Record<string, unknown>] => [name, serviceOf(name, service, target)],
  );
  const rest = Object.fromEntries(Object.entries(parsed).filter(([key]) => !IGNORED.has(key)));
  const config = { ...(filled(rest, '') as Fields), services: Object.fromEntries(services) };
  const held = heldSecret(config, 'compose');
  if (held !== undefined)
    throw problem(
      `holds a secret at ${safeCell(held.replace(/^compose\./u, ''), 120)}`,
      `Write \${NAME} as the whole value of an environment variable: the person who approves types it, and it never passes this conversation.`,
    );
  const mounts = services.flatMap(([name, service]) => mountsOf(name, service));
  return {
    config,
    services: services.map(([name, { image }]) => ({ name, image: String(image) })),
    ports: services.flatMap(([name, { ports }]) =>
      listOf(name, 'ports', ports).flatMap((port) => portsOf(name, port)),
    ),
    folders: mounts.flatMap((mount) => (typeof mount === 'string' ? [] : [mount])),
    volumes: [...new Set(mounts.flatMap((mount) => (typeof mount === 'string' ? [mount] : [])))],
    typed: [
      ...new Set(
        services.flatMap(([, { environment }]) =>
          Object.entries(isFields(environment) ? environment : {}).flatMap(([name, value]) =>
            isPlaceholder(value) ? [name] : [],
          ),
        ),
      ),
    ],
  };
}

/** What the NAS decides itself, or no longer reads. */
const IGNORED = new Set(['version', 'name', 'services']);

/** Parts that are read from files beside the compose file: on the NAS there are none. */
const NEEDS_FILES = ['env_file', 'extends', 'include', 'label_file'];

async function yamlOf(text: string): Promise<Fields> {
  const { parseDocument } = await import('yaml');
  const document = parseDocument(text, { merge: true });
  const [fault] = document.errors;
  if (fault !== undefined)
    throw problem(`is no YAML: ${safeCell(fault.message.split('\n', 1)[0] ?? '', 200)}`);
  const value: unknown = document.toJS({ maxAliasCount: 50 });
  if (!isFields(value)) throw problem('is no compose file: it has no "services"');
  return value;
}

function servicesOf({ services, ...rest }: Fields): Fields {
  if (!isFields(services) || Object.keys(services).length === 0)
    throw problem('is no compose file: it has no "services"');
  const file = NEEDS_FILES.find((key) => rest[key] !== undefined);
  if (file !== undefined) throw needsFile(file);
  return services;
}

function serviceOf(name: string, service: unknown, target: string): Record<string, unknown> {
  if (!isFields(service)) throw problem(`has no settings for the service ${safeCell(name, 60)}`);
  const file = NEEDS_FILES.find((key) => service[key] !== undefined);
  if (file !== undefined) throw needsFile(`services.${name}.${file}`);
  const { environment, ...others } = service;
  const settings = filled(others, `services.${name}`) as Fields;
  const { image } = settings;
  if (typeof image !== 'string' || image.trim() === '' || settings['build'] !== undefined)
    throw problem(`names no image for ${safeCell(name, 60)}`, 'The NAS builds none: name one of a registry.');
  const variables = environmentOf(name, environment, target);
  return { ...settings, ...(Object.keys(variables).length === 0 ? {} : { environment: variables }) };
}

/** As an object, whatever form it has: only there can a value be one that a person types. */
function environmentOf(service: string, environment: unknown, target: string): Record<string, unknown> {
  const entries = isFields(environment)
    ? Object.entries(environment)
    : listOf(service, 'environment', environment).map((line): [string, unknown] => {
        const [name = '', ...value] = String(line).split('=');
        return [name, value.length === 0 ? undefined : value.join('=')];
      });
  return Object.fromEntries(
    entries.map(([name, value]): [string, unknown] => {
      const place = `services.${service}.environment.${name}`;
      // Without a value, compose takes it from where it runs; there it has none.
      if (value === undefined || value === null) return [name, secretOf(target, { isNew: true })];
      if (typeof value !== 'string') return [name, value];
      return WHOLE.test(value) ? [name, secretOf(target, { isNew: true })] : [name, filledText(value, place)];
    }),
  );
}

const WHOLE = /^\$(?:\{[A-Za-z_]\w*\}|[A-Za-z_]\w*)$/u;
const VARIABLE = /\$(?:\$|\{([A-Za-z_]\w*)(?::?-([^{}]*))?\}|([A-Za-z_]\w*))/gu;

/** The value with the defaults of its variables in their place. @throws InputProblem for one without */
function filled(value: unknown, place: string): unknown {
  if (typeof value === 'string') return filledText(value, place);
  if (Array.isArray(value)) return value.map((item, index) => filled(item, `${place}.${index}`));
  if (!isFields(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, filled(item, place === '' ? key : `${place}.${key}`)]),
  );
}

function filledText(text: string, place: string): string {
  return text.replaceAll(
    VARIABLE,
    (whole, name: string | undefined, standard: string | undefined, bare: string | undefined) => {
      if (whole === '$$' || standard !== undefined) return standard ?? whole;
      throw problem(
        `has the variable ${name ?? bare ?? ''} without a value at ${safeCell(place, 120)}`,
        'Write the value. Only the whole value of an environment variable can be typed by the person who approves.',
      );
    },
  );
}

/** The file with other paths in the place of the folders that it names: where these really lead. */
export function withPaths({ config }: Compose, paths: ReadonlyMap<string, string>): Fields {
  const { services } = config;
  if (!isFields(services)) return config;
  const moved = Object.entries(services).map(([name, service]): [string, unknown] => {
    if (!isFields(service) || service['volumes'] === undefined) return [name, service];
    const volumes = listOf(name, 'volumes', service['volumes']);
    return [name, { ...service, volumes: volumes.map((mount) => movedMount(mount, paths)) }];
  });
  return { ...config, services: Object.fromEntries(moved) };
}

function movedMount(mount: unknown, paths: ReadonlyMap<string, string>): unknown {
  if (isFields(mount)) {
    const { source } = mount;
    return typeof source === 'string' ? { ...mount, source: paths.get(source) ?? source } : mount;
  }
  const [source = '', ...rest] = String(mount).split(':');
  return [paths.get(source) ?? source, ...rest].join(':');
}

/** Folders of the NAS, and the names of volumes. */
function mountsOf(service: string, { volumes }: Fields): (BoundFolder | string)[] {
  return listOf(service, 'volumes', volumes).flatMap((mount): (BoundFolder | string)[] => {
    if (isFields(mount)) {
      const { type, source } = mount;
      if (type === 'tmpfs' || typeof source !== 'string') return [];
      // A path is a folder of the NAS, whatever kind of mount it is said to be.
      const isFolder = type === 'bind' || /^[/.~]/u.test(source);
      return [isFolder ? folderOf(service, source, mount['read_only'] === true) : source];
    }
    const [source = '', ...rest] = String(mount).split(':');
    if (rest.length === 0) return [];
    const isReadonly = rest[1]?.split(',').includes('ro') === true;
    return [/^[/.~]/u.test(source) ? folderOf(service, source, isReadonly) : source];
  });
}

function folderOf(service: string, source: string, isReadonly: boolean): BoundFolder {
  if (!source.startsWith('/mnt/'))
    throw problem(
      `gives ${safeCell(service, 60)} the folder ${safeCell(source, 120)}, which lies in no pool`,
      'Name a folder of a dataset, /mnt/POOL/DATASET/…; create_dataset makes one.',
    );
  return { service, source, isReadonly };
}

/** Ports of the NAS in `8080:80`, `127.0.0.1:8080:80/tcp`, `8000-8010:8000-8010` and the long form; none for `80`. */
function portsOf(service: string, entry: unknown): PublishedPort[] {
  const { published, protocol = 'tcp' } = isFields(entry) ? entry : shortPort(String(entry));
  if (published === undefined || published === null || published === '') return [];
  const text = typeof published === 'string' || typeof published === 'number' ? String(published) : '?';
  const [first = Number.NaN, last = first] = text.split('-').map(Number);
  const isRange = Number.isInteger(first) && Number.isInteger(last) && first > 0 && last <= 65_535;
  if (!isRange || last < first || last - first > MAX_RANGE)
    throw problem(`has a port that cannot be read for ${safeCell(service, 60)}: ${safeCell(text, 40)}`);
  return Array.from({ length: last - first + 1 }, (_, index) => ({
    service,
    port: first + index,
    protocol: String(protocol),
  }));
}

function shortPort(text: string): Fields {
  const [ports = '', protocol = 'tcp'] = text.split('/');
  const parts = ports.split(':');
  return { published: parts.length < 2 ? undefined : parts.at(-2), protocol };
}

const MAX_RANGE = 1000;

function listOf(service: string, name: string, value: unknown): readonly unknown[] {
  if (value === undefined || value === null) return [];
  if (Array.isArray(value)) return value;
  throw problem(`has no list at services.${safeCell(service, 60)}.${name}`);
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function needsFile(place: string): InputProblem {
  return problem(
    `reads another file at ${safeCell(place, 120)}, and the NAS has none beside it`,
    'Write its content there.',
  );
}

function problem(what: string, next?: string): InputProblem {
  return new InputProblem('compose', what, next);
}
