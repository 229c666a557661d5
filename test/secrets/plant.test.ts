/**
 * A secret with a mark of its own is put wherever a NAS may hold one: in every field that the contract marks, and in the
 * texts and values that it does not. None of the marks may come out of the process, by whatever way.
 */
import { afterAll, describe, expect, it, test } from 'vitest';
import { catalogOf } from '../../src/access/readable-client.ts';
import { isReadable } from '../../src/policy/classes.ts';
import { createRedactor, REDACTED } from '../../src/output/redact/redactor.ts';
import { exampleParams } from '../../src/tools/api/example.ts';
import { type Simulator, startSimulator } from 'truenas-simulator';
import type { ReadClient, WireValue } from '../../src/truenas/index.ts';
import { type ContractRelease, describeContract, loadContract, TRIED_RELEASES } from '../support/contract.ts';
import { startContractPeer } from '../support/contract-peer.ts';
import { type Planting, sampleOf } from '../support/sample.ts';
import { type Heard, heard } from './support/heard.ts';
import { ALL_TOOLS } from '../support/registry.ts';

const closing: (() => Promise<void>)[] = [];
afterAll(async () => {
  for (const close of closing.reverse()) await close();
});

/** `MARK-1-KRAM`, `MARK-2-KRAM` …: what a mark belongs to can be found by running the test for it alone. */
function marks(): Planting & { next(): string } {
  let count = 0;
  const next = (): string => {
    count += 1;
    return `MARK-${count}-KRAM`;
  };
  return {
    next,
    get marker() {
      return next();
    },
    planted: 0,
  };
}

/** Marks in a text, with what stands around the first ones. */
const found = (text: string): string[] =>
  /MARK[-.]\d+[-.]KRAM/iu.test(text)
    ? [...(text.match(/.{0,60}MARK[-.]\d+[-.]KRAM/giu) ?? [])].slice(0, 10)
    : [];

/** Whether each part occurs; a failure must not print the whole text. */
const occurrences = (text: string, ...parts: string[]): boolean[] => parts.map((part) => text.includes(part));

/** Ways in which people write secrets into texts. `seen` must stay readable. */
const TEXTS: readonly ((mark: string) => string)[] = [
  (mark) => `seen password=${mark}`,
  (mark) => `seen https://alice:${mark}@nas.local/x`,
  (mark) => `seen -----BEGIN PRIVATE KEY-----\nMII${mark}\n-----END PRIVATE KEY-----`,
  (mark) => `seen Authorization: Bearer ${mark}.1`,
  (mark) => `seen {"db": {"rootPassword": "${mark}"}}`,
  (mark) => `seen mysqldump -u root -p${mark} all`,
  (mark) => `seen $6$salt$${mark.replaceAll('-', '.')}${mark}`,
  (mark) => `${JSON.stringify({ seen: 1, env: [{ name: 'DB_PASSWORD', value: mark }] })}`,
];

/** Fields that hold secrets although nothing in the contract says so. */
const UNMARKED: readonly string[] = [
  'environment',
  'initenv',
  'monpwd',
  'extrausers',
  'host_rsa_key',
  'anonstats_token',
];

/** Puts a secret into every text of an answer that has none yet. */
function plantTexts(
  value: unknown,
  plant: { next(): string },
  unmarked: readonly string[],
  key = '',
): unknown {
  if (Array.isArray(value)) return value.map((item) => plantTexts(item, plant, unmarked, key));
  if (value !== null && typeof value === 'object' && !(value instanceof Date)) {
    const entries = Object.entries(value).map(([name, item]) => [
      name,
      plantTexts(item, plant, unmarked, name),
    ]);
    const extra = unmarked.includes(key) ? [['SOME_VARIABLE', plant.next()]] : [];
    return Object.fromEntries([...entries, ...extra]);
  }
  if (typeof value !== 'string' || value.includes('MARK-')) return value;
  if (!/^x+$/u.test(value)) return value;
  const mark = plant.next();
  if (unmarked.includes(key)) return mark;
  return TEXTS[Number(/\d+/u.exec(mark)?.[0]) % TEXTS.length]?.(mark) ?? value;
}

describeContract('a secret that the contract marks', () => {
  test.each(TRIED_RELEASES)('is known to the redactor in every answer of every method of %s', (release) => {
    const redactor = createRedactor({ ownSecrets: [] });
    let planted = 0;
    const leaks: string[] = [];
    for (const [method, { returns }] of Object.entries(loadContract(release).methods)) {
      for (const shape of ['array', 'object'] as const) {
        const plant = marks();
        const answer = sampleOf(returns, shape, plant);
        planted += plant.planted;
        if (found(JSON.stringify(redactor.value(answer, { method }))).length > 0) leaks.push(method);
      }
    }
    expect(planted).toBeGreaterThan(150);
    expect([...new Set(leaks)]).toEqual([]);
  });
});

describeContract('no planted secret comes out', () => {
  it.each(TRIED_RELEASES)(
    'of any readable method of %s',
    async (release) => {
      const plant = marks();
      const { peer, server } = await connected(release, (method) => {
        const { returns } = loadContract(release).methods[method] ?? {};
        const isApp = method.startsWith('app.');
        return returns === undefined
          ? undefined
          : plantTexts(sampleOf(returns, 'array', plant), plant, isApp ? [...UNMARKED, 'config'] : UNMARKED);
      });
      const { methods } = await catalogOf(server.nas).all();
      const readable = methods.filter((method) => isReadable(method) && !method.isJob);
      expect(readable.length).toBeGreaterThan(280);
      let redacted = 0;
      let seen = 0;
      const leaks: string[] = [];
      const ask = async (name: string): Promise<void> => {
        const method = await catalogOf(server.nas).method(name);
        const args = { method: name, params: exampleParams(method?.accepts ?? []) };
        let answer = await server.call('call_api_read', args);
        if (answer.includes('with no \\"select\\"')) {
          answer = await server.call('call_api_read', { ...args, select: harmlessColumns(release, name) });
        }
        if (answer.includes('seen')) seen += 1;
        if (answer.includes(REDACTED)) redacted += 1;
        if (found(answer).length > 0) leaks.push(`${name}: ${found(answer).join()}`);
      };
      for (let index = 0; index < readable.length; index += 10) {
        await Promise.all(readable.slice(index, index + 10).map(({ name }) => ask(name)));
      }
      expect(leaks).toEqual([]);
      expect(found(server.all())).toEqual([]);
      expect(peer.calls().length).toBeGreaterThan(250);
      // A test in which nothing arrived could not fail.
      expect(redacted).toBeGreaterThan(80);
      expect(seen).toBeGreaterThan(80);
    },
    60_000,
  );
});

/** Columns that a query's denials leave. */
function harmlessColumns(release: ContractRelease, method: string): string[] {
  const rows = sampleOf(loadContract(release).methods[method]?.returns ?? {}, 'array');
  const [row] = Array.isArray(rows) ? (rows as unknown[]) : [];
  const denied = /^(attributes|file|privatekey|provider|key)$/u;
  return row !== null && typeof row === 'object' ? Object.keys(row).filter((key) => !denied.test(key)) : [];
}

async function connected(release: ContractRelease, answer: (method: string) => unknown) {
  const isSession = /^(auth|core)\.|^system\.(version|boot_id)$/u;
  const peer = await startContractPeer({
    release,
    answer: (method) => (isSession.test(method) && method !== 'core.get_jobs' ? undefined : answer(method)),
  });
  const server = await heard(peer);
  closing.push(
    () => peer.close(),
    () => server.close(),
  );
  return { peer, server };
}

/** Calls besides the examples of the tools: where secrets are. */
const MORE_CALLS: Readonly<Record<string, readonly Record<string, unknown>[]>> = {
  get_dataset: [{ dataset: 'tank/media' }, { dataset: 'tank' }],
  get_job: [{ id: 3 }],
  get_share: [{ share: 'media', kind: 'smb' }],
  list_shares: [{ kind: 'nfs' }, { kind: 'iscsi' }],
  list_alerts: [{ dismissed: true }],
  search_api: [{ query: 'password' }],
  describe_api: [{ method: 'user.create' }],
  call_api_read: [
    ...['user.query', 'app.query', 'vm.query', 'cronjob.query', 'mail.config', 'ups.config', 'snmp.config'],
    ...['alert.list', 'core.get_jobs', 'ssh.config', 'replication.query', 'cloudsync.query', 'auth.sessions'],
  ].map((method) => ({ method })),
};

const URIS = ['overview', 'alerts', 'pool/tank', 'dataset/tank/media', 'job/1', 'pool/none', 'docs/safety'];

/** Every tool, resource, prompt and completion once. */
async function askEverything(server: Heard): Promise<void> {
  const { client } = server;
  for (const { name, examples } of ALL_TOOLS) {
    const calls = [...examples.map(({ args }) => args), ...(MORE_CALLS[name] ?? [])];
    for (const args of calls) await server.call(name, args);
  }
  await client.listResources();
  await client.listResourceTemplates();
  for (const uri of URIS) await server.read(`truenas://${uri}`);
  const { prompts } = await client.listPrompts();
  for (const { name } of prompts) await client.getPrompt({ name }).catch(() => undefined);
  for (const [uri, argument] of [
    ['truenas://pool/{name}', 'name'],
    ['truenas://dataset/{+id}', 'id'],
    ['truenas://job/{id}', 'id'],
  ] as const) {
    const ref = { type: 'ref/resource', uri } as const;
    await client.complete({ ref, argument: { name: argument, value: '' } });
  }
}

describe('no planted secret comes out of a NAS in use', () => {
  const servers = async (
    through?: (client: ReadClient, simulator: Simulator) => ReadClient,
  ): Promise<{ simulator: Simulator; server: Heard }> => {
    const simulator = await startSimulator({ delayScale: 0.01 });
    const { url, apiKey, username, fingerprint } = simulator;
    const server = await heard({
      ...{ url, apiKey, username, fingerprint },
      ...(through === undefined ? {} : { through: (client) => through(client, simulator) }),
    });
    closing.push(
      () => simulator.close(),
      () => server.close(),
    );
    return { simulator, server };
  };

  it('by any tool, resource, prompt or completion, while the rest stays readable', async () => {
    const plant = marks();
    let planted = 0;
    const { simulator, server } = await servers((client, { apiKey }) => ({
      ...client,
      call: async (method, params, options) => {
        const answer = await client.call(method, params, options);
        if (method === 'core.get_methods' || method === 'core.get_services') return answer;
        return plantRows(
          answer,
          () => {
            planted += 1;
            return plant.next();
          },
          apiKey,
        );
      },
    }));
    await askEverything(server);
    const all = server.all();
    expect(planted).toBeGreaterThan(1000);
    expect(found(all)).toEqual([]);
    expect(occurrences(all.toLowerCase(), simulator.apiKey.slice(2, 20).toLowerCase())).toEqual([false]);
    expect(occurrences(all, REDACTED, 'readable', 'tank/media')).toEqual([true, true, true]);
  });

  it('by any error, whatever a NAS puts into it, and not into the log either', async () => {
    const plant = marks();
    const { simulator, server } = await servers();
    await server.call('search_api', { query: 'user' });
    const key = simulator.apiKey;
    const texts = TEXTS.map((text) => text(plant.next()));
    const words = `${texts.join('; ')} ${key} ${key.toUpperCase()} ${Buffer.from(`ai:${key}`).toString('base64')} ${key.slice(5, 40)}`;
    const trace = {
      class: 'CallError',
      formatted: `Traceback (most recent call last):\n  File "main.py", line 1, in call\n    run(${plant.next()})\nCallError: input_value='${plant.next()}'`,
      frames: [{ filename: 'main.py', lineno: 1, method: 'call', locals: { data: plant.next() } }],
    };
    const extra = [['user_create.password', `not good: ${words}`, 22]];
    for (const error of [
      {
        code: -32001,
        message: 'Method call error',
        data: { error: 14, errname: 'EFAULT', reason: words, trace },
      },
      {
        code: -32602,
        message: 'Invalid params',
        data: { error: 22, errname: 'EINVAL', reason: words, extra, trace },
      },
      {
        code: -32001,
        message: words,
        data: { error: 13, errname: 'EACCES', reason: `${'x'.repeat(280)}${words}`, trace },
      },
      { code: -32603, message: words, data: { reason: `${'y'.repeat(560)}${key}`, trace } },
    ]) {
      simulator.control.next('*', { kind: 'error', ...error }, 10_000);
      await askEverything(server);
      await simulator.control.reset();
    }
    const all = server.all();
    expect(occurrences(all, 'trace from the NAS', 'failed on the NAS', 'What to do')).toEqual([
      true,
      true,
      true,
    ]);
    expect(found(all)).toEqual([]);
    const seen = all.toLowerCase();
    const parts = Array.from({ length: key.length - 17 }, (_, index) => key.slice(index + 2, index + 18));
    expect(parts.filter((part) => seen.includes(part.toLowerCase()))).toEqual([]);
  });

  it('by an event, which a NAS sends with everything in it', async () => {
    const plant = marks();
    const { simulator, server } = await servers();
    await server.client.subscribeResource({ uri: 'truenas://alerts' });
    const text = plant.next();
    simulator.control.publish({
      collection: 'alert.list',
      msg: 'changed',
      id: text,
      fields: { password: text, text },
    });
    simulator.control.sendRaw(`{"not json ${plant.next()}`);
    simulator.control.sendRaw(JSON.stringify({ jsonrpc: '2.0', id: 99_999, result: plant.next() }));
    await server.call('list_alerts');
    await server.call('system_overview');
    expect(found(server.all())).toEqual([]);
  });
});

const FREE_TEXT =
  /^(?:comment|comments|description|formatted|text|error|logs_excerpt|notes|model|location|status_detail|exception|command|args|html_metadata|repr)$/u;

/** Adds fields that hold secrets to every object, and texts that do to every field that people or programs write into. */
function plantRows(value: WireValue, next: () => string, ownKey: string, depth = 0): WireValue {
  if (Array.isArray(value)) return value.map((item) => plantRows(item, next, ownKey, depth + 1));
  if (value === null || typeof value !== 'object' || value instanceof Date) return value;
  const planted = Object.entries(value).map(([key, item]): [string, WireValue] => {
    if (typeof item !== 'string' || !FREE_TEXT.test(key))
      return [key, plantRows(item, next, ownKey, depth + 1)];
    return [key, `readable ${item} ${TEXTS.map((text) => text(next())).join(' ')} ${ownKey.toUpperCase()}`];
  });
  const isProperty = 'rawvalue' in value;
  const extra: [string, WireValue][] =
    depth === 0 || isProperty
      ? []
      : [
          ['password', next()],
          ['privateKey', next()],
          ['provisioning_uri', next()],
          ['ssh_credentials', { attributes: { anything: next() } }],
        ];
  return Object.fromEntries([...planted, ...extra]);
}
