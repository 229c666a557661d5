/** Whatever frame comes, the simulator reacts as PROTOCOL section 2 says, and stays up. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SIM_RELEASES } from '../../src/releases.ts';
import { decodeValue } from '../../src/wire/codec.ts';
import { hasContract, loadContract, sayWithoutContract } from '../support/contract.ts';
import {
  anyJson,
  anyText,
  createTally,
  FUZZ_TIMEOUT_MS,
  hold,
  nested,
  tryProperty,
} from '../support/fuzz.ts';
import { mutatedParams, validParams } from '../support/schema-arbitrary.ts';
import { type Json, type RawConnection, withSimulator } from '../support/simulator.ts';

const nas = withSimulator({ anonymousCallsPerMinute: Number.MAX_SAFE_INTEGER });

/** What must come back: nothing, or a reply with this id and either a result or an error of this code. */
type Reaction = 'nothing' | { readonly id: unknown; readonly code: number | 'result' };

/** A frame, and the documented reaction to it. */
interface Frame {
  readonly text: string;
  readonly reaction: Reaction;
}

/** A member as JSON text, and what the protocol thinks of it. */
interface Member {
  readonly json: string | undefined;
  readonly isRight: boolean;
}
const member = (json: string | undefined, isRight: boolean): Member => ({ json, isRight });

const version = fc.oneof(
  { weight: 9, arbitrary: fc.constant(member('"2.0"', true)) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      ...['"1.0"', '2.0', 'null', '["2.0"]', '"2.0 "', undefined].map((json) => member(json, false)),
    ),
  },
);
const rightId = fc
  .oneof(fc.integer({ max: 0 }), fc.boolean(), fc.constant(null), anyText.map(wellFormed))
  .map((value) => member(JSON.stringify(value), true));
const id = fc.oneof(
  { weight: 6, arbitrary: rightId },
  { weight: 1, arbitrary: fc.constant(member(undefined, true)) },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      ...['-1.5', '-2.0', '-7e0', '-1E3', '-3.0', '{}', '[]', '[1]', '{"id":1}'].map((json) =>
        member(json, false),
      ),
    ),
  },
);
const method = fc.oneof(
  { weight: 4, arbitrary: fc.constant(member('"core.ping"', true)) },
  {
    weight: 2,
    arbitrary: fc
      .constantFrom('no.such', 'Core.ping', 'core.ping ', '__proto__', 'constructor', 'toString')
      .map((name) => member(JSON.stringify(name), true)),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      ...['""', 'null', '7', '["core.ping"]', '{}', undefined].map((json) => member(json, false)),
    ),
  },
);
const params = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(member('[]', true), member(undefined, true)) },
  {
    weight: 2,
    arbitrary: fc
      .array(anyJson, { minLength: 1, maxLength: 2 })
      .map((list) => member(JSON.stringify(list), true)),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      ...['{}', 'null', '"x"', '1', 'true', '{"0":1}'].map((json) => member(json, false)),
    ),
  },
);

function wellFormed(text: string): string {
  return text.replace(/\p{Cs}/gu, '');
}

const message: fc.Arbitrary<Frame> = fc
  .record({
    version,
    id,
    method,
    params,
    order: fc.shuffledSubarray(['jsonrpc', 'id', 'method', 'params', 'more'], { minLength: 5 }),
    gap: fc.constantFrom('', ' ', '\n\t'),
  })
  .map((made) => {
    const members: Readonly<Record<string, Member>> = {
      jsonrpc: made.version,
      id: made.id,
      method: made.method,
      params: made.params,
      more: member('{"id":1.5,"a":"\\"id\\":2.0"}', true),
    };
    const pairs = made.order.flatMap((name) => {
      const json = members[name]?.json;
      return json === undefined ? [] : [`"${name}"${made.gap}:${made.gap}${json}`];
    });
    return { text: `{${made.gap}${pairs.join(`${made.gap},`)}}`, reaction: reactionTo(made) };
  })
  // Longer ones close an anonymous connection, which is tested elsewhere.
  .filter(({ text }) => text.length <= 8000);

const unparsable: Reaction = { id: null, code: -32700 };

/** True unless a special value within is none, such as `{"$date":"x"}`. */
function isReadable(json: string | undefined): boolean {
  try {
    decodeValue(json === undefined ? null : JSON.parse(json));
    return true;
  } catch {
    return false;
  }
}

/** Sections 2 and 13, in their order. */
function reactionTo(made: Readonly<Record<'version' | 'id' | 'method' | 'params', Member>>): Reaction {
  if (!isReadable(made.params.json)) return unparsable;
  if (made.id.json === undefined) return 'nothing';
  const value: unknown = JSON.parse(made.id.json);
  const isRight = made.version.isRight && made.id.isRight && made.method.isRight && made.params.isRight;
  // An id that cannot be one is echoed all the same.
  if (!isRight) return { id: value, code: -32600 };
  if (made.method.json !== '"core.ping"') return { id: value, code: -32601 };
  return { id: value, code: made.params.json === undefined || made.params.json === '[]' ? 'result' : -32602 };
}

const junk: fc.Arbitrary<Frame> = fc
  .oneof(
    anyText.map(wellFormed).filter((text) => !isObject(text)),
    fc.constantFrom(
      '',
      '[]',
      '[{"jsonrpc":"2.0","id":1,"method":"core.ping"}]',
      '1',
      'null',
      '"x"',
      '{"jsonrpc"',
      '{"id":1,}',
      "{'id':1}",
      '\ufeff{}',
      `${'['.repeat(900)}`,
    ),
    fc
      .tuple(message, fc.nat())
      .map(([{ text }, at]) => text.slice(0, at % text.length))
      .filter((text) => !isObject(text)),
  )
  .map((text) => ({ text, reaction: unparsable }));

function isObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return value !== null && typeof value === 'object' && !Array.isArray(value);
  } catch {
    return false;
  }
}

/** The frames that come between this one and the answer to a ping behind it. */
async function repliesTo(connection: RawConnection, text: string): Promise<Json[]> {
  const before = connection.frames.length;
  connection.send(text);
  await connection.call('core.ping');
  return connection.frames.slice(before, -1);
}

test.each([
  ['signed in', true],
  ['anonymous', false],
])(
  'every frame on a connection that is %s gets the documented reaction',
  { timeout: FUZZ_TIMEOUT_MS },
  async (_, isSignedIn) => {
    const connection = await nas.connect({ isSignedIn });
    const tally = createTally();
    await tryProperty(
      fc.asyncProperty(
        fc.oneof({ weight: 4, arbitrary: message }, { weight: 1, arbitrary: junk }),
        async ({ text, reaction }) => {
          const replies = await repliesTo(connection, text);
          tally.note(reaction === 'nothing' ? 'nothing' : String(reaction.code));
          const seen = replies.map((reply) => ({
            id: reply.id,
            code: 'error' in reply ? reply.error.code : 'result',
          }));
          expect(seen).toEqual(reaction === 'nothing' ? [] : [reaction]);
          hold(
            replies.every((reply) => reply.jsonrpc === '2.0' && 'result' in reply !== 'error' in reply),
            'no JSON-RPC 2.0',
          );
        },
      ),
      150,
    );
    for (const kind of ['nothing', 'result', '-32600', '-32601', '-32602', '-32700'])
      expect([kind, tally.shareOf(kind) > 0]).toEqual([kind, true]);
  },
);

/** Ends the session, the machine, or waits for another job. */
const NOT_ASKED =
  /^(?:auth\.|core\.(?:set_options|bulk)|system\.(?:reboot|shutdown|general\.(?:update|ui_restart))|api_key\.|user\.|privilege\.|group\.)/u;

const INNER_FAULT =
  /Cannot (?:read|set|convert)|(?<!argument of type '\w+') is not (?:a function|iterable|defined)|undefined|\[object |call stack|Invalid time value|Invalid array length|Unexpected token|circular|reduce of empty/u;

test('every method answers any arguments once, with a result or an error of the documented shape', {
  timeout: FUZZ_TIMEOUT_MS,
}, async () => {
  const connection = await nas.connect();
  const known = Object.keys(await connection.call('core.get_methods')).filter(
    (name) => !NOT_ASKED.test(name),
  );
  const [, release] = SIM_RELEASES;
  sayWithoutContract('what methods are asked, fuzzed: with parameters that nearly fit');
  const contract = hasContract ? loadContract(release).methods : {};
  const argumentsOf = (name: string): fc.Arbitrary<unknown[]> => {
    const any = fc.array(fc.oneof(anyJson, fc.constant(nested(400))), { maxLength: 3 });
    const query = fc.tuple(
      fc.array(
        fc.tuple(
          fc.constantFrom('id', 'name', 'constructor', 'a.b'),
          fc.constantFrom('=', '~', 'in', 'rin', '>', 'C='),
          anyJson,
        ),
      ),
      fc.constantFrom({}, { limit: 3 }, { get: true }, { count: true }),
    );
    // Chance alone finds few arguments that fit; most methods that read take none.
    if (contract[name] === undefined) return fc.oneof(any, fc.constant<unknown[]>([]));
    return fc.oneof(
      validParams(release, name),
      mutatedParams(release, name),
      any,
      ...(contract[name].filterable ? [query] : []),
    );
  };
  const made = new Map<string, fc.Arbitrary<unknown[]>>();
  const call = fc.constantFrom(...known).chain((name) => {
    const args = made.get(name) ?? argumentsOf(name);
    made.set(name, args);
    return fc.tuple(fc.constant(name), args);
  });
  const tally = createTally();
  let next = 0;
  await tryProperty(
    fc.asyncProperty(call, async ([name, args]) => {
      next += 1;
      const own = `call-${next}`;
      connection.send(JSON.stringify({ jsonrpc: '2.0', id: own, method: name, params: args }));
      const reply = await connection.frame((frame) => frame.id === own);
      const error = reply.error;
      tally.note(error === undefined ? 'result' : String(error.code));
      if (error === undefined) return;
      hold([-32602, -32001].includes(error.code), `${name}: ${JSON.stringify(error)}`);
      const { data } = error;
      hold(
        Number.isInteger(data.error) && typeof data.errname === 'string' && typeof data.reason === 'string',
        JSON.stringify(error),
      );
      hold(
        !INNER_FAULT.test(data.reason) || JSON.stringify(args).includes('undefined'),
        `${name} ${JSON.stringify(args)}: ${data.reason}`,
      );
      if (error.code === -32602)
        hold(
          Array.isArray(data.extra) &&
            data.extra.every((each: unknown) => Array.isArray(each) && each.length === 3),
          JSON.stringify(data),
        );
    }),
    80,
  );
  expect(tally.shareOf('result')).toBeGreaterThan(0.1);
  expect(tally.shareOf('-32602')).toBeGreaterThan(0.1);
  expect(await connection.call('core.ping')).toBe('pong');
});

test('arguments nested as deeply as the NAS reads are answered, and the next call works', async () => {
  const connection = await nas.connect();
  for (const name of ['core.ping', 'pool.query', 'pool.dataset.create', 'core.get_jobs']) {
    const deep = `${'['.repeat(980)}${']'.repeat(980)}`;
    connection.send(`{"jsonrpc":"2.0","id":"${name}","method":"${name}","params":${deep}}`);
    expect(await connection.frame((frame) => frame.id === name)).toMatchObject({
      error: { code: expect.any(Number) },
    });
  }
  expect(await connection.call('core.ping')).toBe('pong');
});

test('a message nested more deeply than the NAS reads ends its connection only', async () => {
  const connection = await nas.connect();
  const deep = `${'['.repeat(30_000)}${']'.repeat(30_000)}`;
  connection.send(`{"jsonrpc":"2.0","id":1,"method":"core.ping","params":${deep}}`);
  expect(await connection.closed).toMatchObject({ code: 1006 });
  expect(await (await nas.connect()).call('core.ping')).toBe('pong');
});
