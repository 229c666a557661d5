/** A read tool that is needed seldom costs the list nothing, and is called by its name all the same. */
import { Client } from '@modelcontextprotocol/client';
import { InMemoryTransport } from '@modelcontextprotocol/server';
import { serveStdio } from '@modelcontextprotocol/server/stdio';
import { type Simulator, startSimulator } from 'truenas-simulator';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAccess } from '../../src/access/reader.ts';
import { createServerFactory } from '../../src/mcp/server.ts';
import { createToolRegistry, type Granted } from '../../src/mcp/tool-registry.ts';
import { createRedactor } from '../../src/output/redact/redactor.ts';
import { TOOLSETS } from '../../src/tools/index.ts';
import { TOOLSET_NAMES } from '../../src/tools/toolset.ts';
import { openTrueNas, silentLog } from '../../src/truenas/index.ts';
import { READ_TOOLS } from '../support/registry.ts';

const open: (() => Promise<unknown>)[] = [];
afterAll(async () => {
  for (const close of open.reverse()) await close();
});

/** The clock of NAS and server: the same answer twice is the same text. */
const now = () => Date.UTC(2026, 2, 1, 12);
let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator({ now });
  open.push(() => simulator.close());
});

const SELDOM = READ_TOOLS.filter(({ isListedOnRequest }) => isListedOnRequest === true);
const SHORT = { access: 'read', toolsets: TOOLSET_NAMES, isShortList: true } as const;

async function connect(granted: Granted) {
  const { url, apiKey, username, fingerprint } = simulator;
  const connection = openTrueNas({
    url,
    apiKey,
    username,
    tls: { fingerprintSha256: fingerprint },
    timeoutMs: 20_000,
    log: silentLog,
  });
  const redactor = createRedactor({ ownSecrets: [apiKey] });
  const calls: string[] = [];
  const factory = createServerFactory({
    version: '2.0.0',
    tools: createToolRegistry(TOOLSETS, granted),
    nas: createAccess({ systems: ['nas'], open: async () => connection }, redactor),
    redactor,
    log: silentLog,
    maxResultTokens: 8_000,
    now,
    steps: [
      (call, next) => {
        calls.push(call.subject.kind === 'tool' ? call.subject.tool.name : call.subject.kind);
        return next(call);
      },
    ],
  });
  const [clientSide, serverSide] = InMemoryTransport.createLinkedPair();
  serveStdio(factory, { transport: serverSide });
  const client = new Client({ name: 'test', version: '1.0.0' });
  await client.connect(clientSide);
  open.push(
    () => connection.close(),
    () => client.close(),
  );
  const call = async (name: string, args: Record<string, unknown>) => {
    const { content } = await client.callTool({ name, arguments: args });
    return content.map((block) => (block.type === 'text' ? block.text : '')).join('\n');
  };
  const names = async () => (await client.listTools()).tools.map(({ name }) => name);
  return { call, names, calls };
}

describe('with no toolset chosen', () => {
  it('the list leaves out what is needed seldom, and each is found, with the call that works', async () => {
    const { call, names } = await connect(SHORT);
    const listed = await names();
    for (const { name, title } of SELDOM) {
      expect(listed).not.toContain(name);
      expect(await call('search_api', { query: title })).toContain(
        `call_api_read {"method":"${name}","params":[{…}]}`,
      );
    }
  });

  it('a call through call_api_read, with its arguments, is that of the tool', async () => {
    const { call, calls } = await connect(SHORT);
    for (const { name, examples } of SELDOM) {
      const [{ args }] = examples;
      const byName = await call(name, args as Record<string, unknown>);
      expect(await call('call_api_read', { method: name, params: [args] })).toBe(byName);
      // A strict client sends null for what it does not mean.
      expect(await call('call_api_read', { method: name, params: [args], filters: null })).toBe(byName);
      expect(calls.splice(0)).toEqual([name, name, name]);
    }
  });

  it('null for its arguments is none', async () => {
    const { call } = await connect(SHORT);
    const usual = await call('schedule_calendar', {});
    expect(await call('call_api_read', { method: 'schedule_calendar', params: null })).toBe(usual);
  });

  it('wrong arguments are answered as those of the tool', async () => {
    const { call } = await connect(SHORT);
    const beside = { method: 'schedule_calendar', params: [{ span: '24h' }], filters: [['id', '=', 1]] };
    expect(await call('call_api_read', beside)).toMatch(/"filters" is not an argument/);
    for (const params of [['tonight'], [{}, {}], 'tonight'])
      expect(await call('call_api_read', { method: 'schedule_calendar', params })).toMatch(
        /^Invalid argument/,
      );
    expect(await call('call_api_read', { method: 'schedule_calendar', params: [{ windwo: 1 }] })).toMatch(
      /windwo/,
    );
  });
});

describe('with toolsets chosen', () => {
  it('everything of theirs is listed', async () => {
    const { names } = await connect({ access: 'read', toolsets: ['protection'] });
    expect(await names()).toContain('schedule_calendar');
  });

  it('a tool of another toolset is called by no name', async () => {
    const { call } = await connect({ access: 'read', toolsets: ['api', 'storage'] });
    expect(await call('call_api_read', { method: 'schedule_calendar' })).toContain(
      'is never called by this server',
    );
    await expect(call('schedule_calendar', {})).rejects.toThrow(/not found/);
  });
});

describe('a tool that changes something', () => {
  it.each(['delete_dataset', 'hold_snapshot', 'apply_change', 'plan_change', 'call_api_write'])(
    '%s is never called by call_api_read',
    async (name) => {
      const { call, calls } = await connect({ ...SHORT, access: 'destroy', allowsApiWrite: true });
      expect(await call('call_api_read', { method: name, params: [{}] })).toContain(
        'is never called by this server',
      );
      expect(calls).toEqual(['call_api_read']);
    },
  );
});
