/** The client hears what the real handlers of 24.10 and CORE 13.3 sent: results, errors, events and closes are told right. */
import { constants } from 'node:os';
import { describe, expect, it } from 'vitest';
import type { Notification } from '../../../src/truenas/connection/json-rpc.ts';
import type { TrueNasError, TrueNasErrorKind } from '../../../src/truenas/errors.ts';
import { describeContract } from '../../support/contract.ts';
import { type Recorded, type Recording, RECORDINGS, replayed, type Told } from '../support/recorded.ts';

/** A frame after which the client can do nothing but say so, and how it is said. */
const REFUSED_HANDSHAKE = /refused the handshake/;

describeContract('recorded frames of the older protocol', () => {
  const seen = { answers: 0, events: 0, closes: 0 };
  describe.each([...new Set(RECORDINGS.map(({ release }) => release))])('%s', (release) => {
    const recordings = RECORDINGS.filter((each) => each.release === release);
    it.each(recordings.map((each) => [each.name, each] as const))('%s', async (_name, recording) => {
      const { opening, sentOtherwise, told, events, notifications, close } = await replayed(recording);
      expect(openingProblems(recording, opening)).toEqual([]);
      expect(sentOtherwise).toEqual([]);
      expect(told.flatMap((each) => answerProblems(release, each))).toEqual([]);
      expect(notifications.map(shown)).toEqual(events.map(notificationOf));
      expect(close?.problem?.kind).toBe(close === undefined ? undefined : kindOfClose(close.code));
      seen.answers += told.length;
      seen.events += events.length;
      seen.closes += close === undefined ? 0 : 1;
    });
  });

  it('were heard', () => {
    // A replay that hears nothing would find nothing wrong.
    expect(seen.answers).toBeGreaterThan(400);
    expect(seen.events).toBeGreaterThan(20);
    expect(seen.closes).toBeGreaterThan(10);
  });
});

/** A connection that could not be opened is told with why; one that was, with nothing. */
function openingProblems({ order }: Recording, opening: TrueNasError | undefined): string[] {
  if (opening === undefined) return [];
  const first = order.find((step) => 'recv' in step);
  const isRefusal = first !== undefined && 'recv' in first && first.recv['msg'] === 'failed';
  return (isRefusal ? REFUSED_HANDSHAKE : /closed the connection/).test(opening.message)
    ? []
    : [opening.message];
}

function kindOfClose(code: unknown): TrueNasErrorKind {
  return code === 1009 ? 'too-large' : 'unreachable';
}

/** An event as the newer protocol tells it. */
function notificationOf({ msg, collection, id, fields, cleared, error }: Recorded): unknown {
  if (msg === 'nosub')
    return { method: 'notify_unsubscribed', collection, reason: (error as Recorded | undefined)?.['reason'] };
  const update = { msg: cleared === true ? 'removed' : msg, collection, id, fields: decoded(fields) };
  return { method: 'collection_update', ...update };
}

/** A notification in the same form. */
function shown({ method, params }: Notification): unknown {
  const { collection, error } = params;
  if (method !== 'notify_unsubscribed') return { method, ...params };
  return { method, collection, reason: (error as Recorded | undefined)?.['reason'] };
}

function answerProblems(release: string, { method, frame, outcome }: Told): string[] {
  const about = `${method}: ${JSON.stringify(frame).slice(0, 300)}`;
  if (outcome === undefined) return [`${about} was not heard`];
  const { error } = frame;
  if (error === undefined || error === null) {
    const expected = frame['msg'] === 'result' ? decoded(frame['result']) : undefined;
    if (outcome.kind !== 'result') return [`${about} is told as ${outcome.problem.message}`];
    return expected === undefined || JSON.stringify(expected) === JSON.stringify(outcome.result)
      ? []
      : [`${about} is told as ${JSON.stringify(outcome.result)}`];
  }
  if (outcome.kind === 'result') return [`${about} is told as a success`];
  return errorProblems(release, method, error as Recorded, outcome.problem).map(
    (text) => `${about}: ${text}`,
  );
}

/** As the errors of the older protocol are to be understood (LEGACY section 2). */
function errorProblems(release: string, method: string, error: Recorded, problem: TrueNasError): string[] {
  const isCore = release.startsWith('CORE');
  const reason = String(error['reason']);
  const raisedBy = (error['trace'] as Recorded | null)?.['class'];
  const triples = error['extra'] as readonly (readonly [string | null, string, number])[] | null;
  const oneField = isCore && raisedBy === 'Error' ? /^\[([^\]]+)\] (.*)$/s.exec(reason) : null;
  const name = nameOf(isCore, error);
  const kind = kindOf(name, method, error, oneField !== null);
  const wanted = {
    kind,
    // What the dispatcher refuses before it runs anything has no number in the newer protocol.
    errno: kind === 'busy' && name === 'ETOOMANYREFS' ? undefined : LINUX[name],
    fields:
      oneField === null
        ? triples === null || triples.every(([path]) => path === null)
          ? undefined
          : triples.map(([path, message]) => ({ path: path ?? '', message }))
        : [{ path: oneField[1], message: oneField[2] }],
    // Only what the dispatcher itself refuses is a matter of the allow list.
    missingEntry: !isCore && raisedBy === undefined && reason === 'Not authorized',
  };
  const got = {
    kind: problem.kind,
    errno: problem.kind === 'method-missing' ? LINUX[name] : problem.errno,
    fields: problem.fields,
    missingEntry: problem.missingEntry !== undefined,
  };
  const problems =
    JSON.stringify(wanted) === JSON.stringify(got)
      ? []
      : [`${JSON.stringify(got)} and not ${JSON.stringify(wanted)}`];
  if (problem.nasText !== reason.trim()) problems.push(`the words of the NAS are ${problem.nasText}`);
  if (/Traceback|File "/.test(`${problem.message} ${problem.nextStep}`)) problems.push('a trace is shown');
  return problems;
}

/** Numbers of FreeBSD that the recordings have; those below 35 are Linux's but for 11. */
const FREEBSD: Readonly<Record<number, string>> = {
  11: 'EDEADLK',
  35: 'EAGAIN',
  59: 'ETOOMANYREFS',
  89: 'EBADMSG',
};
const OWN: Readonly<Record<string, number>> = { ENOMETHOD: 201, ENOTAUTHENTICATED: 207, ETOOMANYREFS: 109 };
const LINUX: Readonly<Record<string, number | undefined>> = { ...constants.errno, ...OWN };

function nameOf(isCore: boolean, error: Recorded): string {
  if (!isCore) return String(error['errname']);
  if (error['reason'] === 'Not authenticated' && error['trace'] === null) return 'ENOTAUTHENTICATED';
  const number = Number(error['error']);
  if (number === 201) return 'ENOMETHOD';
  const low = Object.entries(constants.errno).find(([, value]) => value === number)?.[0];
  return FREEBSD[number] ?? low ?? '';
}

function kindOf(name: string, method: string, error: Recorded, isOneField: boolean): TrueNasErrorKind {
  const reason = String(error['reason']);
  switch (name) {
    case 'ENOMETHOD':
      return 'method-missing';
    case 'ETOOMANYREFS':
      return 'busy';
    case 'ENOENT':
      return 'not-found';
    case 'EACCES':
    case 'ENOTAUTHENTICATED':
      return 'not-authorized';
  }
  if (reason === 'Rate Limit Exceeded') return 'busy';
  if (error['type'] === 'VALIDATION' || isOneField) return 'validation';
  const isColumn = method.endsWith('.query') && (error['trace'] as Recorded | null)?.['class'] === 'KeyError';
  return isColumn ? 'validation' : 'call';
}

/** As the client tells values: dates as such. */
function decoded(value: unknown): unknown {
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map(decoded);
  const { $date } = value as { $date?: unknown };
  if (typeof $date === 'number') return new Date($date);
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, decoded(inner)]));
}
