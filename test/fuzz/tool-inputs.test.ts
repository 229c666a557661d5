/** Whatever a model passes to a tool, it gets a right answer or is told which argument is wrong, and the NAS is spared. */
import type { CallToolResult } from '@modelcontextprotocol/server';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { toolDefinition } from '../../src/mcp/tool-schema.ts';
import { createServerFactory, type Extension } from '../../src/mcp/server.ts';
import { estimateTokens } from '../../src/output/budget.ts';
import { dataTokens } from '../../src/output/fit-data.ts';
import { createRedactor } from '../../src/output/redact/redactor.ts';
import { OPEN_READS } from '../../src/policy/classes.ts';
import { type Simulator, startSimulator } from 'truenas-simulator';
import { LOCAL_CALLER } from '../../src/access/caller.ts';
import { accessTo } from '../support/access.ts';
import { type AnyReadTool, READ_TOOLS, registryOf } from '../support/registry.ts';
import { openTrueNas, type TrueNas } from '../../src/truenas/index.ts';
import { silentLog } from '../../src/truenas/log.ts';
import { acceptsProblems, hasContract, loadRoles, sayWithoutContract } from '../support/contract.ts';
import {
  anyJson,
  anyKey,
  anyText,
  createTally,
  FUZZ_TIMEOUT_MS,
  hold,
  isVisible,
  nested,
  tryProperty,
} from '../support/fuzz.ts';
import { NOW_MS, toolNamed } from '../support/tools.ts';

const RELEASE = '25.10';
const BUDGET_TOKENS = 2000;

let simulator: Simulator;
let client: TrueNas;
let answer: Extension['answer'];

beforeAll(async () => {
  simulator = await startSimulator({ release: RELEASE, now: () => NOW_MS });
  const { url, apiKey, username, fingerprint } = simulator;
  const tls = { fingerprintSha256: fingerprint };
  client = openTrueNas({ url, apiKey, username, tls, timeoutMs: 10_000, log: silentLog });
  const redactor = createRedactor({ ownSecrets: [apiKey] });
  void createServerFactory({
    version: '0.0.0',
    tools: registryOf(READ_TOOLS),
    nas: accessTo(async () => client, redactor),
    redactor,
    log: silentLog,
    maxResultTokens: BUDGET_TOKENS,
    now: () => NOW_MS,
    extend: (_, extension) => {
      answer = extension.answer;
    },
  })(undefined as never);
});

afterAll(async () => {
  await client.close();
  await simulator.close();
});

/** Things that exist in the simulated world, and ways of writing that tools understand. */
const RIGHT_TEXTS = [
  ...[
    'tank',
    'fast',
    'backup',
    'tank/media',
    '/mnt/tank/media/',
    'tank/home',
    'sda',
    '/dev/sdb',
    'media',
    'smb',
  ],
  ...[
    '1h',
    '24h',
    '7d',
    '2026-02-28',
    '2026-02-28T10:00Z',
    '*auto*',
    'me?ia',
    'eno1',
    'ssh',
    'snapshot',
    'disk',
  ],
  ...[
    'pool.query',
    'pool.dataset.query',
    'disk.query',
    'system.info',
    'core.get_jobs',
    'user.query',
    'app.query',
  ],
  ...['pool.dataset.delete', 'auth.generate_token', 'alert.list', 'reporting.get_data', 'data', 'options'],
  ...['50.abcdef', '0.AAAAAA', 'id', 'name', '-id', 'used.parsed', 'nulls_last:name', 'properties.used'],
] as const;
const rightText = fc.constantFrom(...RIGHT_TEXTS);

/** What an argument of this name means. */
const MEANT: Readonly<Record<string, readonly unknown[]>> = {
  pool: ['tank', 'fast', 'backup'],
  dataset: ['tank/media', 'tank', '/mnt/tank/home/', 'fast'],
  parent: ['tank', 'tank/media', '/mnt/fast'],
  disk: ['sda', '/dev/sdb', 'nvme0n1'],
  share: ['media', 'home', '1'],
  name: ['tank', 'auto', '*a*', 'me?ia', 's', 'sda', 'eno1'],
  id: [1, 2, 3, 5, 8, 10, 'alice', 'root', 'truenas_default'],
  of: ['/mnt/tank/documents', 'tank/media'],
  user: ['alice', 'bob'],
  kind: ['user', 'certificate', 'group', 'smb', 'nfs'],
  range: ['1h', '24h', '7d'],
  from: ['2h', '2026-02-28', '2026-02-28T10:00Z'],
  to: ['1h', '2026-03-01T10:00Z'],
  since: ['24h', '7d', '2026-01-01'],
  method: ['pool.query', 'pool.dataset.query', 'disk.query', 'system.info', 'core.get_jobs', 'user.query'],
  query: ['turn on ssh', 'rotate a certificate', 'disk'],
  path: ['options', 'data', 'options.extra'],
  select: ['id', 'name', 'properties.used'],
  order_by: ['id', '-name'],
};

/** Filters and params as a model would write them, right and nearly right. */
const filter = fc.tuple(
  fc.constantFrom('id', 'name', 'status', 'used.parsed', 'size', 'constructor', '__proto__'),
  fc.constantFrom('=', '!=', '~', '^', 'in', 'Crin', '>', 'like'),
  fc.oneof(rightText, anyJson),
);
const list = fc.oneof(
  fc.array(filter, { maxLength: 2 }),
  fc.array(fc.oneof(rightText, anyJson), { maxLength: 3 }),
  fc.constantFrom<unknown>(
    [],
    [['OR', [['id', '=', 1]]]],
    [[], {}],
    nested(50),
    [nested(150)],
    [nested(5000)],
  ),
  fc.constant([['name', '=', 'x'.repeat(70_000)]]),
);

type Schema = Readonly<Record<string, unknown>>;

function rightValue(schema: Schema, name: string): fc.Arbitrary<unknown> {
  const meant = MEANT[name] ?? [];
  if (Array.isArray(schema['enum'])) return fc.constantFrom(...(schema['enum'] as unknown[]));
  switch (schema['type']) {
    case 'string':
      return fc.oneof(
        {
          weight: meant.length > 0 ? 12 : 1,
          arbitrary: meant.length > 0 ? fc.constantFrom(...meant) : anyText,
        },
        { weight: 1, arbitrary: rightText },
        { weight: 1, arbitrary: anyText },
      );
    case 'boolean':
      return fc.boolean();
    case 'integer':
    case 'number': {
      const { minimum = 0, maximum = 2 ** 53 - 1 } = schema as { minimum?: number; maximum?: number };
      return fc.oneof(
        fc.constantFrom(minimum, maximum),
        fc.integer({ min: minimum, max: Math.min(maximum, minimum + 100) }),
      );
    }
    case 'array': {
      const items = (schema['items'] ?? {}) as Schema;
      return Object.keys(items).length === 0
        ? list
        : fc.array(rightValue(items, name), { minLength: 1, maxLength: 3 });
    }
    default:
      return anyJson;
  }
}

const argumentsByTool = new Map(READ_TOOLS.map((tool) => [tool.name, argumentsOf(tool)]));

/** Mostly fitting arguments of a tool, with now and then a wrong value, a key too many or one too few. */
function argumentsOf(tool: AnyReadTool): fc.Arbitrary<unknown> {
  const { properties = {}, required = [] } = toolDefinition(tool).inputSchema as {
    properties?: Record<string, Schema>;
    required?: string[];
  };
  // A cursor that fits cannot be guessed, so it comes only among the spoilt ones.
  const optional = Object.keys(properties).filter((key) => key !== 'cursor' && !required.includes(key));
  const right = fc.record(
    Object.fromEntries(Object.entries(properties).map(([key, schema]) => [key, rightValue(schema, key)])),
    { requiredKeys: required, noNullPrototype: true },
  );
  const some = fc
    .tuple(right, fc.subarray(optional, { maxLength: Math.min(2, optional.length) }))
    .map(([args, kept]) =>
      Object.fromEntries(
        Object.entries(args).filter(([key]) => required.includes(key) || kept.includes(key)),
      ),
    );
  const key = fc.oneof(fc.constantFrom(...Object.keys(properties), 'bogus'), anyKey);
  const huge = fc.constantFrom<unknown>('x'.repeat(70_000), '*'.repeat(64), '*a'.repeat(30), nested(3000));
  const spoilt = fc
    .tuple(
      right,
      fc.array(fc.tuple(key, fc.oneof({ weight: 9, arbitrary: anyJson }, { weight: 1, arbitrary: huge })), {
        minLength: 1,
        maxLength: 2,
      }),
    )
    .map(([args, changes]) => Object.fromEntries([...Object.entries(args), ...changes]));
  return fc.oneof(
    { weight: 8, arbitrary: some },
    { weight: 1, arbitrary: right },
    { weight: 4, arbitrary: spoilt },
    { weight: 1, arbitrary: anyJson },
  );
}

const call = fc
  .constantFrom(...argumentsByTool.keys())
  .chain((name) => fc.tuple(fc.constant(name), argumentsByTool.get(name) ?? anyJson));

/** What the client itself asks, whatever the tool. */
const OWN_CALLS = new Set([
  'auth.mechanism_choices',
  'auth.login_ex',
  'core.ping',
  'system.version',
  'core.get_services',
  'core.get_methods',
  'system.boot_id',
]);
sayWithoutContract('what tools send, fuzzed: against the roles and parameter schemas');
const readable = hasContract
  ? new Set(
      Object.entries(loadRoles(RELEASE).method_granted).flatMap(([name, roles]) =>
        roles.includes('READONLY_ADMIN') ? [name] : [],
      ),
    )
  : undefined;

/** A log is read by a subscription that is closed at once. */
const EVENT_CALLS = new Set(['core.subscribe', 'core.unsubscribe']);

function holdCalls(tool: AnyReadTool): void {
  for (const { method, params, errorCode } of simulator.calls()) {
    if (OWN_CALLS.has(method)) continue;
    const isAllowed =
      tool.uses.includes(method) ||
      (tool.name === 'get_app_logs' && EVENT_CALLS.has(method)) ||
      (tool.usesAnyReadable === true && (OPEN_READS.includes(method) || readable?.has(method) !== false));
    hold(isAllowed, `${tool.name} called ${method}`);
    const problems = hasContract ? acceptsProblems(RELEASE, method, params) : [];
    hold(problems.length === 0, `${tool.name} sent ${method} ${written(params)}: ${problems.join('; ')}`);
    hold(
      errorCode !== -32602 || tool.usesAnyReadable === true,
      `the NAS refused ${method} ${written(params)}`,
    );
  }
}

/** As JSON, long integers as their digits. */
function written(params: readonly unknown[]): string {
  return JSON.stringify(params, (_name, value: unknown) =>
    typeof value === 'bigint' ? String(value) : value,
  );
}

function textOf(result: CallToolResult): string {
  return result.content.map((block) => (block.type === 'text' ? block.text : '')).join('\n');
}

/** An error names an argument, or it is what the NAS said of a call whose method it names. */
function isHelpful(tool: AnyReadTool, text: string): boolean {
  if (text.startsWith(`Invalid arguments for ${tool.name}:\n- "`)) return true;
  if (text.startsWith('Invalid argument: "'))
    return Object.keys(tool.input.shape).some((name) => text.includes(`"${name}"`));
  return tool.usesAnyReadable === true && /[a-z_]+\.[a-z_.]+/u.test(text) && text.includes('What to do: ');
}

/** Found before: tried first each time. */
const ONCE_WRONG: [name: string, args: unknown][] = [
  ['search_api', { query: 'constructor' }],
  ['search_api', { query: '__proto__ toString' }],
  ['list_snapshots', { name: `${'*'.repeat(12)}zzz` }],
  ['list_datasets', { name: 'x'.repeat(70_000) }],
  ['call_api_read', { method: 'pool.query', params: [nested(3000)] }],
  ['call_api_read', { method: 'pool.query', filters: [['name', '~', '(.*)*x']] }],
  ['describe_api', { method: 'pool.query', path: 'a\nnext: b' }],
];

/** The call that people make most of each tool, which chance seldom gets all right. */
const RIGHT = READ_TOOLS.map(({ name, examples }): [name: string, args: unknown] => [name, examples[0].args]);

test('every tool answers rightly or names the argument that is wrong, and sends only what it may and the NAS accepts', {
  timeout: FUZZ_TIMEOUT_MS,
}, async () => {
  const tally = createTally();
  const answered = new Set<string>();
  await tryProperty(
    fc.asyncProperty(call, async ([name, args]) => {
      const tool = toolNamed(name);
      simulator.control.clearCalls();
      const { signal } = new AbortController();
      const started = process.cpuUsage();
      const result = await answer({
        subject: { kind: 'tool', tool },
        args,
        caller: LOCAL_CALLER,
        signal,
        mcp: undefined as never,
      });
      const text = textOf(result);
      // Of processor time, so that a busy machine is no failure.
      const { user } = process.cpuUsage(started);
      hold(user < 5_000_000, `${tool.name} kept the processor busy for ${user} µs`);
      hold(isVisible(text), `invisible characters: ${JSON.stringify(text)}`);
      hold(text.trim() !== '', 'an empty answer');
      hold(
        !/This MCP server failed|left out: it does not fit|\[object |undefined|NaN/u.test(text) ||
          JSON.stringify(args).includes('undefined') ||
          JSON.stringify(args).includes('NaN'),
        text,
      );
      const size = estimateTokens(text) + dataTokens(result.structuredContent);
      hold(size <= BUDGET_TOKENS, `an answer of ${size} tokens`);
      if (result.isError === true) {
        tally.note('error');
        hold(isHelpful(tool, text), text);
      } else {
        tally.note('answer');
        answered.add(tool.name);
        tool.output.parse(result.structuredContent);
      }
      holdCalls(tool);
    }),
    200,
    [...ONCE_WRONG, ...RIGHT].map((each) => [each]),
  );
  expect(tally.shareOf('answer')).toBeGreaterThan(0.2);
  expect(tally.shareOf('error')).toBeGreaterThan(0.2);
  const silent = READ_TOOLS.map(({ name }) => name).filter((name) => !answered.has(name));
  expect(silent).toEqual([]);
  // Nothing that was asked has harmed the connection.
  expect(client.status().connections).toBe(1);
  expect(Object.keys(Object.prototype)).toEqual([]);
});
