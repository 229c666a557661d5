/**
 * Which resource a URI names, and of which NAS. With one NAS a reading is `truenas://overview`; with several it is
 * `truenas://SYSTEM/overview`. Pages belong to no NAS: `truenas://docs/…` always, so that no system may be called `docs`.
 */
import { ALL_RESOURCES } from './index.ts';
import type { Page, Reading, Resource, Variables } from './resource.ts';

const SCHEME = 'truenas://';

/** No system may have this name. */
export const RESERVED_SYSTEM_NAME = 'docs';

/** A resource under the URI that clients see. */
export type Addressed =
  | Page
  | (Reading & {
      /** The NAS it reads. */
      readonly system: string;
    });

/** A resource, and what its template left open. */
export interface Found {
  readonly resource: Addressed;
  readonly variables: Variables;
}

/** The resources that go with these tools, of each of these systems; reference pages always, and once. */
export function offeredResources(
  toolNames: ReadonlySet<string>,
  systems: readonly string[],
  all: readonly Resource[] = ALL_RESOURCES,
): readonly Addressed[] {
  const readings = all.flatMap((resource) =>
    resource.kind === 'reading' &&
    [resource.tool, ...(resource.alsoNeeds ?? [])].every((name) => toolNames.has(name))
      ? [resource]
      : [],
  );
  const pages = all.flatMap((resource) => (resource.kind === 'page' ? [resource] : []));
  return [
    ...systems.flatMap((system) => readings.map((reading) => ofSystem(reading, system, systems.length > 1))),
    ...pages,
  ];
}

function ofSystem(reading: Reading, system: string, isOneOfSeveral: boolean): Addressed {
  if (!isOneOfSeveral) return { ...reading, system };
  return {
    ...reading,
    system,
    uri: `${SCHEME}${system}/${reading.uri.slice(SCHEME.length)}`,
    name: `${system}-${reading.name}`,
    title: `${reading.title} of ${system}`,
  };
}

/** Longest URI looked at, in characters: a dataset name of 255, each of its characters escaped, fits. */
const MAX_LENGTH = 1024;

/** The resource of a URI; undefined when none has it. */
export function findResource(resources: readonly Addressed[], uri: string): Found | undefined {
  if (uri.length > MAX_LENGTH) return undefined;
  for (const resource of resources) {
    const variables = match(resource.uri, uri);
    if (variables !== undefined) return { resource, variables };
  }
  return undefined;
}

/** True for `truenas://pool/{name}`, false for a fixed URI. */
export function isTemplate(resource: Pick<Resource, 'uri'>): boolean {
  return resource.uri.endsWith('}');
}

/**
 * The variables of `uri` when it fits. Clients differ in what they escape, so a name is accepted escaped, as it is, and
 * with slashes as `%2F`; some put a slash at the end.
 */
function match(template: string, uri: string): Variables | undefined {
  const open = template.indexOf('{');
  if (open < 0) return uri === template || uri === `${template}/` ? {} : undefined;
  const prefix = template.slice(0, open);
  const isReserved = template[open + 1] === '+';
  const variable = template.slice(open + (isReserved ? 2 : 1), -1);
  if (!uri.startsWith(prefix)) return undefined;
  const rest = uri.slice(prefix.length).replace(/\/$/u, '');
  if (rest === '' || /[?#]/u.test(rest) || (!isReserved && rest.includes('/'))) return undefined;
  const value = decode(rest);
  return value === undefined ? undefined : { [variable]: value };
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
