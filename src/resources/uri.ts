/** Finds the resource that a URI names. Templates are few and open only at their end, so matching is exact and total. */
import type { Resource, Variables } from './resource.ts';

/** A resource, and what its template left open. */
export interface Found {
  readonly resource: Resource;
  readonly variables: Variables;
}

/** Longest URI looked at, in characters: a dataset name of 255, each of its characters escaped, fits. */
const MAX_LENGTH = 1024;

/** The resource of a URI; undefined when none has it. */
export function findResource(resources: readonly Resource[], uri: string): Found | undefined {
  if (uri.length > MAX_LENGTH) return undefined;
  for (const resource of resources) {
    const variables = match(resource.uri, uri);
    if (variables !== undefined) return { resource, variables };
  }
  return undefined;
}

/** True for `truenas://pool/{name}`, false for a fixed URI. */
export function isTemplate(resource: Resource): boolean {
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
