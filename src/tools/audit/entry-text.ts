/** What an entry of the audit log says happened. */
import { field, isObject } from '../support/rows.ts';

/** The parts of an entry that tell it. */
export interface EntryData {
  readonly event: string | null;
  readonly event_data: Record<string, unknown> | null;
  readonly service_data: Record<string, unknown> | null;
}

/** In a few words of the NAS; each service tells it in a place of its own. Null where it does not. */
export function whatHappened({ event_data: data, service_data: service }: EntryData): string | null {
  if (data === null) return null;
  const text = (value: unknown): string | null => field.text(value) || null;
  const described = text(data['description']) ?? text(data['method']);
  if (described !== null) return described;
  const error = text(data['error']);
  const as = inside(data, 'credentials');
  if (as !== undefined) return [wayIn(as), error].filter((part) => part !== null).join(': ') || null;
  const sudo = inside(data, 'sudo');
  const command = sudo && (inside(sudo, 'accept') ?? inside(sudo, 'reject'));
  if (command !== undefined) return text(command['command']);
  const file = inside(data, 'file') ?? inside(data, 'src_file');
  const path = file && (text(file['path']) ?? text(file['name']));
  const share = service && text(service['service']);
  const place = [share ?? null, path ?? null].filter((part) => part !== null).join(': ');
  return place || error || text(data['reason']);
}

/** `LOGIN_PASSWORD as root`. */
function wayIn(credentials: Record<string, unknown>): string | null {
  const data = inside(credentials, 'credentials_data');
  const user = data && field.text(data['username']);
  const key = data && inside(data, 'api_key');
  const name = key && field.text(key['name']);
  const way = field.text(credentials['credentials']);
  return (
    [way, name && `key ${name}`, user && `as ${user}`]
      .filter((part) => typeof part === 'string' && part !== '')
      .join(' ') || null
  );
}

function inside(data: Record<string, unknown>, name: string): Record<string, unknown> | undefined {
  const value = data[name];
  return isObject(value) ? value : undefined;
}
