/** Whatever a NAS sends, the client stays up, answers every call once, and never with the answer to another. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isTrueNasError, type NasEvent } from '../../src/truenas/index.ts';
import { decode } from '../../src/truenas/connection/codec.ts';
import { isDeepStrictEqual } from 'node:util';
import {
  anyJson,
  anyKey,
  anyText,
  createTally,
  FUZZ_TIMEOUT_MS,
  hold,
  objectFrom,
  tryProperty,
} from '../support/fuzz.ts';
import { clientForTest, peerForTest } from '../truenas/support/client.ts';
import type { PeerCall } from '../truenas/support/peer.ts';

/** Frames that belong to no call; a client must let them pass. Ids are far from those it gives. */
const stray: fc.Arbitrary<string> = fc
  .oneof(
    anyJson,
    fc.record({
      jsonrpc: fc.constant('2.0'),
      id: fc.oneof(
        fc.constantFrom<unknown>(-1, 0, 1.5, 99_999_999, '1', '2', true, [1], {}, { $date: 1 }),
        anyText,
      ),
      result: anyJson,
    }),
    fc.record({
      jsonrpc: fc.constant('2.0'),
      id: fc.constantFrom<unknown>(-5, 88_888_888, 'x', false),
      error: anyJson,
    }),
    fc.record({
      method: fc.oneof(fc.constantFrom('collection_update', 'notify_unsubscribed'), anyText),
      params: anyJson,
    }),
    fc.record(
      {
        method: fc.constant('collection_update'),
        params: fc.record(
          {
            collection: fc.oneof(
              fc.constantFrom<unknown>('pool.query', '__proto__', 'constructor', '*'),
              anyJson,
            ),
            msg: fc.oneof(fc.constantFrom<unknown>('added', 'changed', 'removed'), anyJson),
            id: anyJson,
            fields: anyJson,
          },
          { requiredKeys: [] },
        ),
      },
      { requiredKeys: ['method'] },
    ),
    fc.record({
      method: fc.constant('notify_unsubscribed'),
      params: fc.record({ collection: anyText, error: anyJson }),
    }),
    fc
      .array(fc.tuple(fc.constantFrom('id', 'result', 'error', 'method', 'jsonrpc', '__proto__'), anyJson))
      .map(objectFrom),
  )
  // These would speak to a call in flight.
  .filter((value) => !addressesACall(value))
  .map((value) => JSON.stringify(value) ?? 'null');

function addressesACall(value: unknown): boolean {
  const { id, error } = (value ?? {}) as { id?: unknown; error?: unknown };
  if (typeof id === 'number' && Number.isInteger(id) && id > 0 && id < 9_000_000) return true;
  return id === null && error !== undefined && error !== null;
}

/** What a peer may answer to a call. */
type Answer =
  | { readonly kind: 'result'; readonly value: unknown }
  | { readonly kind: 'error'; readonly error: unknown }
  | { readonly kind: 'neither'; readonly rest: Readonly<Record<string, unknown>> };

const errorObject = fc.oneof(
  anyJson,
  fc.record(
    {
      code: fc.oneof(fc.constantFrom<unknown>(-32602, -32601, -32001, -32603, -32600), anyJson),
      message: anyJson,
      data: fc.oneof(
        anyJson,
        fc.record(
          {
            error: fc.oneof(fc.constantFrom<unknown>(1, 2, 14, 16, 22, 201, -1, 1e9), anyText),
            errname: anyJson,
            reason: fc.oneof(anyText, anyJson, fc.constant('x'.repeat(50_000))),
            extra: fc.oneof(
              anyJson,
              fc.array(fc.oneof(fc.tuple(anyText, anyText, fc.integer()), anyJson), { maxLength: 4 }),
            ),
            trace: fc.oneof(anyJson, fc.record({ formatted: anyJson, frames: anyJson })),
          },
          { requiredKeys: [] },
        ),
      ),
    },
    { requiredKeys: [] },
  ),
);
const answer: fc.Arbitrary<Answer> = fc.oneof(
  { weight: 4, arbitrary: anyJson.map((value): Answer => ({ kind: 'result', value })) },
  {
    weight: 3,
    arbitrary: errorObject
      .filter((error) => error !== null && !asksToComeBack(error))
      .map((error): Answer => ({ kind: 'error', error })),
  },
  {
    weight: 1,
    arbitrary: fc
      .dictionary(anyKey, anyJson, { maxKeys: 2 })
      .map((rest): Answer => ({ kind: 'neither', rest })),
  },
);

/** Too many calls, or a session that has ended: the client then sends the call again, which is tested elsewhere. */
function asksToComeBack(error: unknown): boolean {
  const text = JSON.stringify(error);
  return (
    text.includes('-32000') || text.includes('207') || text.includes('expired') || text.includes('Rate Limit')
  );
}

function frameFor(id: number, given: Answer): string {
  switch (given.kind) {
    case 'result':
      return JSON.stringify({ jsonrpc: '2.0', id, result: given.value });
    case 'error':
      return JSON.stringify({ jsonrpc: '2.0', id, error: given.error });
    case 'neither': {
      const { result: _, error: __, method: ___, id: ____, ...rest } = given.rest;
      return JSON.stringify({ ...rest, id });
    }
  }
}

test('calls get their own answers, in any order, amid any strays and duplicates, and the connection stays', {
  timeout: FUZZ_TIMEOUT_MS,
}, async () => {
  const waiting: PeerCall[] = [];
  let plan: {
    size: number;
    answers: readonly Answer[];
    order: readonly number[];
    strays: readonly string[];
  } = { size: 0, answers: [], order: [], strays: [] };
  const peer = await peerForTest({
    script(call) {
      if (call.method !== 'fuzz.echo') return 'unhandled';
      waiting.push(call);
      if (waiting.length < plan.size) return undefined;
      const calls = waiting.splice(0).toSorted((a, b) => Number(a.params[0]) - Number(b.params[0]));
      for (const [at, which] of plan.order.entries()) {
        call.raw(plan.strays[at % plan.strays.length] ?? '{}');
        const asked = calls[which];
        const given = plan.answers[which];
        if (asked === undefined || given === undefined) continue;
        call.raw(frameFor(asked.id, given));
        // A second answer to a call that has been answered is one to nobody.
        call.raw(JSON.stringify({ jsonrpc: '2.0', id: asked.id, result: 'a second answer' }));
      }
      return undefined;
    },
  });
  const nas = clientForTest(peer.url);
  const events: NasEvent[] = [];
  await nas.events.subscribe('pool.query', (event) => events.push(event));
  const tally = createTally();

  await tryProperty(
    fc.asyncProperty(
      fc
        .array(answer, { minLength: 1, maxLength: 8 })
        .chain((answers) =>
          fc.tuple(
            fc.constant(answers),
            fc.shuffledSubarray([...answers.keys()], { minLength: answers.length }),
            fc.array(stray, { minLength: 1, maxLength: 5 }),
          ),
        ),
      async ([answers, order, strays]) => {
        plan = { size: answers.length, answers, order, strays };
        const results = await Promise.allSettled(answers.map((_, at) => nas.read.call('fuzz.echo', [at])));
        for (const [at, given] of answers.entries()) {
          const result = results[at];
          if (given.kind === 'result' && given.value !== undefined) {
            tally.note('result');
            hold(
              result?.status === 'fulfilled',
              `${JSON.stringify(given)} became ${String((result as { reason?: unknown }).reason)}`,
            );
            const expected = decode(JSON.parse(JSON.stringify(given.value)));
            hold(
              result?.status === 'fulfilled' && isDeepStrictEqual(result.value, expected),
              'the answer to another call',
            );
          } else {
            tally.note('error');
            hold(
              result?.status === 'rejected' && isTrueNasError(result.reason) && result.reason.summary !== '',
              JSON.stringify(given),
            );
          }
        }
      },
    ),
    120,
  );
  expect(tally.shareOf('result')).toBeGreaterThan(0.2);
  expect(tally.shareOf('error')).toBeGreaterThan(0.2);
  expect(nas.status()).toMatchObject({ connections: 1, inFlight: 0, queued: 0 });
  expect(Object.keys(Object.prototype)).toEqual([]);
});

test('a message that is no JSON ends the connection, and the next one answers', {
  timeout: FUZZ_TIMEOUT_MS,
}, async () => {
  let broken: string | undefined;
  const peer = await peerForTest({
    script(call) {
      if (call.method !== 'fuzz.echo') return 'unhandled';
      if (broken !== undefined) call.raw(broken);
      broken = undefined;
      call.result(call.params);
      return undefined;
    },
  });
  const nas = clientForTest(
    peer.url,
    {},
    { signInsPerMinute: 1_000_000, backOffFirstMs: 1, backOffMaxMs: 2 },
  );
  const notJson = fc
    .oneof(
      fc.constantFrom(
        '',
        '{',
        '{"jsonrpc":"2.0","id":1,"result":',
        '[1,]',
        "{'a':1}",
        'undefined',
        '{"a":NaN',
        '\u0000',
      ),
      fc.tuple(stray, fc.nat()).map(([text, at]) => text.slice(0, at % text.length)),
      anyText.map((text) => text.replace(/\p{Cs}/gu, '')),
    )
    .filter((text) => !isJson(text));
  let next = 0;
  await tryProperty(
    fc.asyncProperty(notJson, async (text) => {
      broken = text;
      next += 1;
      const before = nas.status().connections;
      // A read is sent once more after the loss.
      expect(await nas.read.call('fuzz.echo', [next])).toEqual([next]);
      hold(nas.status().connections === Math.max(before, 1) + 1, 'the connection was not opened anew');
    }),
    25,
  );
  expect(nas.status()).toMatchObject({ state: 'ready', inFlight: 0, queued: 0 });
});

function isJson(text: string): boolean {
  try {
    JSON.parse(text.replace(/-?\bInfinity\b|\bNaN\b/gu, 'null'));
    return true;
  } catch {
    return false;
  }
}

test('any answer to the sign-in is a session or an explained error', {
  timeout: FUZZ_TIMEOUT_MS,
}, async () => {
  const signIn = fc.oneof(
    anyJson,
    fc.record(
      {
        response_type: fc.oneof(
          fc.constantFrom<unknown>(
            'SUCCESS',
            'AUTH_ERR',
            'EXPIRED',
            'OTP_REQUIRED',
            'REDIRECT',
            'DENIED',
            'SCRAM_RESPONSE',
            'toString',
          ),
          anyJson,
        ),
        user_info: fc.oneof(
          anyJson,
          fc.record({ pw_name: anyJson, privilege: fc.oneof(anyJson, fc.record({ roles: anyJson })) }),
        ),
        urls: anyJson,
        rfc_str: anyJson,
        scram_type: anyJson,
        username: anyJson,
      },
      { requiredKeys: ['response_type'] },
    ),
  );
  const mechanisms = fc.oneof(
    anyJson,
    fc.subarray<unknown>(['SCRAM', 'API_KEY_PLAIN', 'PASSWORD_PLAIN', 5, null]),
  );
  let given: { signIn: unknown; mechanisms: unknown; short: unknown } = {
    signIn: null,
    mechanisms: null,
    short: null,
  };
  const peer = await peerForTest({
    script(call) {
      if (call.method === 'auth.mechanism_choices') call.result(given.mechanisms);
      else if (call.method === 'auth.login_ex') call.result(given.signIn);
      else if (call.method === 'auth.login_with_api_key') call.result(given.short);
      else if (call.method === 'fuzz.echo') call.result('answered');
      else return 'unhandled';
      return undefined;
    },
  });
  const tally = createTally();
  await tryProperty(
    fc.asyncProperty(signIn, mechanisms, anyJson, fc.boolean(), async (login, choices, short, hasUser) => {
      given = { signIn: login, mechanisms: choices, short };
      const nas = clientForTest(peer.url, hasUser ? {} : { username: undefined });
      const outcome = await nas.read.call('fuzz.echo').then(
        (value) => value,
        (error: unknown) => error,
      );
      tally.note(outcome === 'answered' ? 'signed in' : 'refused');
      hold(
        outcome === 'answered' ||
          (isTrueNasError(outcome) && outcome.summary !== '' && outcome.nextStep !== ''),
        `${JSON.stringify(given)} gives ${String(outcome)}`,
      );
      const isGranted =
        (login as { response_type?: unknown } | null)?.response_type === 'SUCCESS' || short === true;
      hold(outcome !== 'answered' || isGranted, `${JSON.stringify(given)} is no session`);
      await nas.close();
    }),
    60,
  );
  expect(tally.shareOf('signed in')).toBeGreaterThan(0.02);
  expect(tally.shareOf('refused')).toBeGreaterThan(0.3);
});
