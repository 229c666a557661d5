/** What a `subscriptions/listen` request (2026-07-28) asks for, and its acknowledgement repeats. */

/** The URIs of resources whose updates are wanted; none when the parameters have another form. */
export function wantedUris(params: unknown): readonly string[] {
  const notifications = isRecord(params) ? params.notifications : undefined;
  const uris = isRecord(notifications) ? notifications.resourceSubscriptions : undefined;
  return Array.isArray(uris) ? uris.filter((uri) => typeof uri === 'string') : [];
}

/** True for a JSON object. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
