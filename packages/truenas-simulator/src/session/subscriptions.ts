/** What one connection has subscribed to, and the notifications it gets (PROTOCOL section 5). */
import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import { toJson } from '../wire/codec.ts';
import type { Core } from '../server/core.ts';
import { ValidationErrors } from '../errors/exceptions.ts';
import type { SimEvent, SimEventDefinition } from './events.ts';
import { asErrors } from '../schema/arguments.ts';
import { complaintsOf } from '../schema/issues.ts';
import { isAtLeast, type SimRelease } from '../releases.ts';
import { parseJson } from '../wire/json.ts';
import { isJobVisible } from '../jobs/job-access.ts';
import type { JobRow } from '../jobs/job-table.ts';
import { ALL_EVENTS } from '../calls/registry.ts';
import { rolesThatGrant } from '../auth/roles.ts';
import type { SimSession } from './session-state.ts';
import { errorObject, notAuthorized } from '../wire/wire-error.ts';

/** Subscriptions of one connection. */
export interface Subscriptions {
  /** Answers the subscription's id. @throws CallError EACCES when the caller may not hear this event */
  add(name: string): string;
  remove(id: string): void;
  /** Ends those to event sources, as a logout does. */
  dropSources(): void;
  /** Ends all without telling, as when the NAS loses them. */
  end(): void;
}

interface Subscription {
  readonly name: string;
  readonly stopSource: (() => void) | null;
}

/** Makes the empty set of one connection. */
export function createSubscriptions(
  core: Core,
  session: SimSession,
  send: (text: string) => void,
): Subscriptions {
  const active = new Map<string, Subscription>();
  const names = new Map<string, number>();
  let stopListening: (() => void) | null = null;

  function notify(event: SimEvent): void {
    if (!names.has(event.collection) && !names.has('*')) return;
    if (event.collection === 'core.get_jobs' && !isJobVisible(core, session, event.fields as JobRow)) return;
    send(notification(event));
  }

  function count(name: string, by: number): void {
    const total = (names.get(name) ?? 0) + by;
    if (total > 0) names.set(name, total);
    else names.delete(name);
  }

  function remove(id: string): void {
    const subscription = active.get(id);
    if (subscription === undefined) return;
    active.delete(id);
    subscription.stopSource?.();
    if (subscription.stopSource === null) count(subscription.name, -1);
    if (names.size === 0) {
      stopListening?.();
      stopListening = null;
    }
  }

  function ended(collection: string, error: unknown): void {
    // Nobody is waiting in a call, so there is no trace to show.
    const shown = error === null ? null : { ...errorObject(error, core.release, false), trace: null };
    send(toJson({ jsonrpc: '2.0', method: 'notify_unsubscribed', params: { collection, error: shown } }));
  }

  /** Starts a source; a bad argument is told by notification, after the call has answered. */
  function startSource(
    id: string,
    name: string,
    source: SimEventDefinition,
    argument: string | null,
  ): () => void {
    let isOver = false;
    let stop: () => void = () => undefined;
    const end = (error: unknown): void => {
      if (isOver) return;
      isOver = true;
      stop();
      active.delete(id);
      ended(name, error);
    };
    setImmediate(() => {
      if (isOver) return;
      try {
        const args = sourceArguments(source, argument, core.release);
        const { release, world, now } = core;
        const emit = (fields: unknown): void => {
          if (!isOver) send(notification({ collection: name, msg: 'added', fields }));
        };
        stop =
          source.start?.({ release, world, now, emit, end: (error) => end(error ?? null) }, args as never) ??
          stop;
        if (isOver) stop();
      } catch (error) {
        // 25.04 tells nobody about a bad argument.
        if (isAtLeast(core.release, '25.10')) end(error);
      }
    });
    return () => {
      isOver = true;
      stop();
    };
  }

  return {
    add(name) {
      const colon = name.indexOf(':');
      const bare = colon < 0 ? name : name.slice(0, colon);
      const definition = findEvent(core, bare);
      if (!authorizeEvent(core, session, bare, definition)) throw notAuthorized();
      const id = randomUUID();
      if (definition?.start !== undefined) {
        const argument = colon < 0 ? null : name.slice(colon + 1);
        active.set(id, { name, stopSource: startSource(id, name, definition, argument) });
        return id;
      }
      active.set(id, { name, stopSource: null });
      count(name, 1);
      stopListening ??= core.events.listen(notify);
      return id;
    },
    remove,
    dropSources() {
      for (const [id, { stopSource }] of [...active]) if (stopSource !== null) remove(id);
    },
    end() {
      for (const id of [...active.keys()]) remove(id);
    },
  };
}

/** A `collection_update`; what is not set does not appear. */
export function notification(event: SimEvent): string {
  const { collection, msg, id, fields, extra } = event;
  const params: Record<string, unknown> = { msg, collection };
  if (id !== undefined) params.id = id;
  if (fields !== undefined && msg !== 'removed') params.fields = fields;
  if (extra !== undefined) params.extra = extra;
  return toJson({ jsonrpc: '2.0', method: 'collection_update', params });
}

/** The event's own definition, if it has one on this release. */
export function findEvent(core: Core, name: string): SimEventDefinition | undefined {
  return ALL_EVENTS.find(
    (event) => event.name === name && (event.releases === undefined || event.releases.includes(core.release)),
  );
}

/** True when the session's roles let it hear an event. */
export function authorizeEvent(
  core: Core,
  session: SimSession,
  name: string,
  definition: SimEventDefinition | undefined,
): boolean {
  if (session.isFullAdmin || name === 'core.get_jobs' || definition?.isOpen === true) return true;
  const method = core.methods.get(name);
  const roles = definition?.roles ?? (method?.filterable === true ? (method.roles ?? []) : []);
  return name !== '*' && session.hasRole(...rolesThatGrant(core.release, roles));
}

/** A source's argument. @throws ValidationErrors about its fields, or about none when it is no JSON */
export function sourceArguments(
  source: SimEventDefinition,
  argument: string | null,
  release: SimRelease,
): unknown {
  const dialect = { namesTrailingComma: isAtLeast(release, '27.0') };
  let value: unknown = {};
  try {
    if (argument !== null) value = parseJson(argument, dialect).value;
  } catch (error) {
    throw new ValidationErrors().add('', error instanceof Error ? error.message : String(error));
  }
  const schema = source.args ?? NO_FIELDS;
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw asErrors(complaintsOf([], schema, value, parsed.error.issues), release);
}

const NO_FIELDS = z.strictObject({});
