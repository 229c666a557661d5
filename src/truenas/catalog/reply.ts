/** Reads the answers of `core.get_services` and `core.get_methods`, of which no form is taken for granted. */

/** Namespaces with methods for the public; the NAS lists its inner ones too. */
export function publicServices(reply: unknown): string[] {
  return recordOf(reply)
    .filter(
      ([, service]) =>
        !recordOf(fieldOf(service, 'config')).some(([key, value]) => key === 'private' && value === true),
    )
    .map(([name]) => name);
}

/** The entries of an object; none of anything else. */
export function recordOf(reply: unknown): [string, unknown][] {
  if (reply === null || typeof reply !== 'object' || Array.isArray(reply)) return [];
  return Object.entries(reply);
}

function fieldOf(value: unknown, name: string): unknown {
  return recordOf(value).find(([key]) => key === name)?.[1];
}
