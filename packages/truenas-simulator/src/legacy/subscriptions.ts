/** What one connection of the older protocol has subscribed to: clients choose the ids, and events are flat. */
import { isDeepStrictEqual } from 'node:util';
import { toJson } from '../wire/codec.ts';
import { authorizeEvent, findEvent, sourceArguments } from '../session/subscriptions.ts';
import type { Subscriptions } from '../session/subscriptions.ts';
import type { SimEvent, SimEventDefinition } from '../session/events.ts';
import type { SimSession } from '../session/session-state.ts';
import type { JobRow } from '../jobs/job-table.ts';
import { ValidationErrors } from '../errors/exceptions.ts';
import type { Core } from '../server/core.ts';
import { isCore } from '../releases.ts';
import { dialectOf } from './dialect.ts';
import { legacyError, legacyNotAuthenticated, legacyNotAuthorized, type Refusal } from './errors.ts';
import { LEGACY_EVENTS } from './event-sources.ts';
import { jobView, seesJob } from './jobs.ts';
import { maySubscribe } from './access.ts';

/** Subscriptions whose ids the client chooses. */
export interface LegacySubscriptions extends Subscriptions {
  /** Starts one, and tells the connection; `refuse` gets what stands against it. */
  subscribe(id: unknown, name: string, refuse: (error: Refusal) => void): void;
  unsubscribe(id: unknown): void;
}

interface Subscription {
  readonly id: unknown;
  readonly name: string;
  /** Null for a plain event. */
  readonly stopSource: (() => void) | null;
}

/** Makes the empty set of one connection. */
export function createLegacySubscriptions(
  core: Core,
  session: SimSession,
  send: (text: string) => void,
  close: (code: number, reason: string) => void,
): LegacySubscriptions {
  const dialect = dialectOf(core.legacy);
  const isFreebsd = isCore(core.legacy);
  let active: Subscription[] = [];
  let stopListening: (() => void) | null = null;

  function hear(event: SimEvent): void {
    const isWanted = active.some(
      ({ name, stopSource }) => stopSource === null && (name === event.collection || name === '*'),
    );
    if (!isWanted) return;
    if (event.collection === 'core.get_jobs' && !seesJob(core, session, event.fields as JobRow)) return;
    const frame = legacyEvent(core, event);
    if (frame !== null) send(toJson(frame));
  }

  function drop(subscription: Subscription): void {
    active = active.filter((each) => each !== subscription);
    subscription.stopSource?.();
    if (active.some(({ stopSource }) => stopSource === null)) return;
    stopListening?.();
    stopListening = null;
  }

  /** Tells of the end of a source, where the release does. */
  function ended(name: string, error: unknown): void {
    if (isFreebsd) return;
    const shown = error === null ? {} : { error: { ...legacyError(error, dialect), trace: null } };
    send(toJson({ msg: 'nosub', collection: name, ...shown }));
  }

  function ready(id: unknown): void {
    send(toJson({ msg: 'ready', subs: [id] }));
  }

  function startSource(id: unknown, name: string, source: SimEventDefinition): void {
    const colon = name.indexOf(':');
    const argument = colon < 0 ? null : name.slice(colon + 1);
    let args: unknown;
    try {
      args = sourceArgument(source, argument, core);
    } catch (error) {
      ended(name, error);
      ready(id);
      return;
    }
    let stop: () => void = () => undefined;
    let isOver = false;
    const subscription: Subscription = {
      id,
      name,
      stopSource() {
        isOver = true;
        stop();
      },
    };
    active.push(subscription);
    ready(id);
    setImmediate(() => {
      if (isOver) return;
      const { release, world, now } = core;
      const emit = (fields: unknown): void => {
        if (!isOver) send(toJson({ msg: 'added', collection: name, fields }));
      };
      const end = (error?: Error): void => {
        if (isOver) return;
        drop(subscription);
        ended(name, error ?? null);
      };
      stop = source.start?.({ release, world, now, emit, end }, args as never) ?? stop;
      if (isOver) stop();
    });
  }

  function authorize(name: string): Refusal | null {
    if (session.credential === null)
      return isFreebsd ? legacyNotAuthenticated(dialect) : legacyNotAuthorized();
    if (isFreebsd) return null;
    if (session.credential.type === 'API_KEY' && core.legacy !== null) {
      return maySubscribe(session, name) ? null : legacyNotAuthorized();
    }
    return authorizeEvent(core, session, name, findEvent(core, name)) ? null : legacyNotAuthorized();
  }

  function subscribe(id: unknown, name: string, refuse: (error: Refusal) => void): void {
    const bare = name.replace(/:.*/s, '');
    const problem = authorize(bare);
    if (problem !== null) {
      refuse(problem);
      return;
    }
    const source = sourceOf(core, bare);
    if (source === undefined) {
      active.push({ id, name, stopSource: null });
      stopListening ??= core.events.listen(hear);
      ready(id);
      return;
    }
    const isRunning = (each: Subscription): boolean => each.stopSource !== null;
    if (isFreebsd && active.some((each) => isRunning(each) && each.name === name)) {
      send(toJson({ msg: 'nosub', id, error: { error: 'Already subscribed' } }));
      return;
    }
    if (active.some((each) => isRunning(each) && isDeepStrictEqual(each.id, id))) {
      close(1011, `Ident ${session.id}${String(id)} is already used`);
      return;
    }
    startSource(id, name, source);
  }

  function unsubscribe(id: unknown): void {
    for (const subscription of active.filter((each) => isDeepStrictEqual(each.id, id))) {
      drop(subscription);
      if (subscription.stopSource !== null) ended(subscription.name, null);
    }
  }

  return {
    subscribe,
    unsubscribe,
    add(name) {
      subscribe(name, name, (error) => {
        throw error;
      });
      return name;
    },
    remove: unsubscribe,
    dropSources() {
      // A sign-out leaves them here.
    },
    end() {
      for (const subscription of [...active]) drop(subscription);
    },
  };
}

/** An event as the release sends it. */
function legacyEvent(core: Core, event: SimEvent): Record<string, unknown> | null {
  const { collection, msg, id, fields, extra } = event;
  const frame: Record<string, unknown> = { msg, collection };
  if (id !== undefined) frame.id = id;
  if (collection === 'core.get_jobs') {
    return { ...frame, fields: jobView(core.legacy, fields as JobRow) };
  }
  if (isCore(core.legacy) && msg === 'removed') return { ...frame, msg: 'changed', cleared: true };
  if (fields !== undefined && msg !== 'removed' && !(core.legacy === '24.10' && isTable(core, collection))) {
    frame.fields = fields;
  }
  if (extra !== undefined) frame.extra = extra;
  return frame;
}

/** True for the query of a service with create, update and delete. */
function isTable({ methods }: Core, collection: string): boolean {
  return methods.has(collection) && methods.has(collection.replace(/\.query$/, '.update'));
}

function sourceOf(core: Core, name: string): SimEventDefinition | undefined {
  const own = LEGACY_EVENTS.find((event) => event.name === name && event.isOn(core.legacy));
  if (own !== undefined) return own;
  const shared = isCore(core.legacy) ? undefined : findEvent(core, name);
  return shared?.start === undefined ? undefined : shared;
}

/** @throws ValidationErrors */
function sourceArgument(source: SimEventDefinition, argument: string | null, core: Core): unknown {
  if (LEGACY_EVENTS.some((event) => event === source)) return argument;
  try {
    return sourceArguments(source, argument, core.release);
  } catch (error) {
    if (!(error instanceof ValidationErrors)) throw error;
    const bare = source.name.split('.').at(-1)?.replaceAll('_', '') ?? '';
    const told = new ValidationErrors();
    for (const [field, message, errno] of error.entries) {
      const text = message.replace(/^Input should be (greater|less) than/, 'Should be $1 than');
      told.add(`${bare}eventsource.${String(field)}`, text, errno);
    }
    throw told;
  }
}
