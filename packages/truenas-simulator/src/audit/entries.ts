/** What the NAS writes into its audit log about connections: sign-ins, sign-outs, and calls that are audited. */
import { randomUUID } from 'node:crypto';
import type { MethodContext } from '../calls/method.ts';
import type { SimSession } from '../session/session-state.ts';
import { type AuditActor, middlewareEntry } from '../world/audit-log.ts';

/** Where entries go, and the clock they are dated by. */
export type AuditContext = Pick<MethodContext, 'world' | 'now'>;

/** How somebody signed in, or tried to. */
export interface AuditCredentials {
  readonly credentials: string;
  readonly credentials_data: Readonly<Record<string, unknown>>;
}

/** Nobody is signed in. */
const UNAUTHENTICATED = '.UNAUTHENTICATED';

/** A sign-in of the session that succeeded. */
export function recordSignIn(context: AuditContext, session: SimSession): void {
  append(context, session, 'AUTHENTICATION', { credentials: credentialsOf(session), error: null }, true);
}

/** A sign-in that was refused, with the reason the log gives. */
export function recordRefusal(
  context: AuditContext,
  session: SimSession,
  credentials: AuditCredentials,
  error: string,
): void {
  append(context, session, 'AUTHENTICATION', { credentials, error }, false);
}

/** The end of a session, by sign-out or with its connection. */
export function recordLogout(context: AuditContext, session: SimSession): void {
  if (session.credential === null) return;
  append(context, session, 'LOGOUT', { credentials: credentialsOf(session) }, true);
}

/** A reboot or shutdown that somebody asked for. */
export function recordPower(
  context: AuditContext,
  session: SimSession,
  action: 'reboot' | 'shutdown',
  reason: string,
): void {
  append(context, session, action.toUpperCase(), { reason }, true);
}

/** A call on its way into the log. */
export interface AuditedCall {
  /** Takes what the call is about, in place of what its arguments say. */
  about(subject: string): void;
  /** Writes the outcome. */
  ended(isSuccess: boolean): void;
  /** Writes that the caller may not call it. */
  refused(): void;
}

/** Starts the record of a call; `text` is what the log calls the method, `params` come without secrets. */
export function auditedCall(
  context: AuditContext,
  session: SimSession,
  method: string,
  text: string,
  params: readonly unknown[],
): AuditedCall {
  const subjects: string[] = [];
  const write = (isAuthorized: boolean, isSuccess: boolean): void => {
    const authenticated = session.credential !== null;
    for (const subject of subjects.length > 0 ? subjects : [subjectOf(params)]) {
      const description = subject === '' ? text : `${text} ${subject}`;
      const data = { method, params, description, authenticated, authorized: isAuthorized };
      append(context, session, 'METHOD_CALL', data, isSuccess);
    }
  };
  return {
    about: (subject) => subjects.push(subject),
    ended: (isSuccess) => write(true, isSuccess),
    refused: () => write(false, false),
  };
}

const NAMING_FIELDS = ['name', 'username', 'app_name', 'share_name', 'dataset', 'path', 'hostnqn'] as const;

/** What a call is about, by its arguments: names, or the field of an object that is one. */
function subjectOf(params: readonly unknown[]): string {
  const texts = params.filter((param) => typeof param === 'string');
  if (texts.length > 0) return texts.join(' ');
  const [data] = params;
  if (typeof data !== 'object' || data === null) return '';
  return nameIn(data);
}

/** The field of a row or of data by which people know it; empty when it has none. */
export function nameIn(row: object): string {
  const fields = row as Readonly<Record<string, unknown>>;
  const field = NAMING_FIELDS.find((each) => typeof fields[each] === 'string');
  return field === undefined ? '' : String(fields[field]);
}

function append(
  { world, now }: AuditContext,
  session: SimSession,
  event: string,
  data: Readonly<Record<string, unknown>>,
  isSuccess: boolean,
): void {
  world.audit.append(middlewareEntry(randomUUID(), now(), actorOf(session), event, data, isSuccess));
}

function actorOf(session: SimSession): AuditActor {
  return {
    username: session.credential?.user.username ?? UNAUTHENTICATED,
    address: session.remoteAddress,
    session: session.id,
    credentials: credentialsOf(session),
  };
}

function credentialsOf({ credential }: SimSession): AuditCredentials | null {
  return credential === null ? null : { credentials: credential.type, credentials_data: credential.data };
}
