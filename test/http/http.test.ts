import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type HttpService, serveOnHttp } from '../../src/mcp/http/serve.ts';
import { createServerFactory } from '../../src/mcp/server.ts';
import { createRedactor } from '../../src/output/redact/redactor.ts';
import { accessTo } from '../support/access.ts';
import { ALL_TOOLS, registryOf } from '../support/registry.ts';
import type { ReadClient } from '../../src/truenas/client.ts';
import { silentLog } from '../../src/truenas/log.ts';
import { ERAS } from '../support/eras.ts';
import { callOverHttp } from '../support/http-call.ts';

const INITIALIZE = {
  jsonrpc: '2.0',
  id: 1,
  method: 'initialize',
  params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'by-hand', version: '1' } },
};

const redactor = createRedactor({ ownSecrets: [] });
const FACTORY = {
  version: '2.0.0',
  tools: registryOf(ALL_TOOLS),
  nas: accessTo(() => Promise.reject(new Error('no NAS in this test')), redactor),
  redactor,
  log: silentLog,
  maxResultTokens: 6000,
};

let service: HttpService;

beforeAll(async () => {
  const factory = createServerFactory(FACTORY);
  service = await serveOnHttp({ factory, port: 0, log: silentLog });
});
afterAll(() => service.close());

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/** A POST with any headers, also those that `fetch` would not let through (Host). */
function post(
  headers: Record<string, string | undefined>,
  { path = '/mcp', body = JSON.stringify(INITIALIZE) }: { path?: string; body?: string } = {},
): Promise<Answer> {
  const { hostname, port } = new URL(service.url);
  const given = {
    'Content-Type': 'application/json',
    Accept: 'application/json, text/event-stream',
    Authorization: `Bearer ${service.token}`,
    ...headers,
  };
  const sent = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  return new Promise((resolve, reject) => {
    const request = httpRequest({ hostname, port, path, method: 'POST', headers: sent }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
      });
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }),
      );
    });
    request.on('error', reject);
    request.end(body);
  });
}

const NAS: ReadClient = {
  call: async () => [],
  has: async () => true,
  release: async () => ({ family: '25.10', version: '25.10.0' }),
};

/** A service of its own, on a NAS of the test's making. */
function serveTools(nas: ReadClient): Promise<HttpService> {
  const factory = createServerFactory({ ...FACTORY, nas: accessTo(async () => nas, FACTORY.redactor) });
  return serveOnHttp({ factory, port: 0, log: silentLog });
}

/** Asks the NAS once. */
const TOOL = 'list_services';

describe('MCP over HTTP', () => {
  it('listens on this machine only', () => {
    expect(service.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/mcp$/);
  });

  // Elsewhere than on Linux this machine has no second loopback address to try.
  it.skipIf(process.platform !== 'linux')('is not to be reached at any other address', async () => {
    const port = Number(new URL(service.url).port);
    const code = await new Promise((resolve) => {
      const socket = connect({ host: '127.0.0.2', port }, () => {
        socket.destroy();
        resolve('connected');
      });
      socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code));
    });
    expect(code).toBe('ECONNREFUSED');
  });

  it('makes a token of its own that nobody can guess', () => {
    expect(service.token).toMatch(/^[\w-]{43}$/);
  });

  it('lets the right token in', async () => {
    expect((await post({})).status).toBe(200);
    expect((await post({ Authorization: `bearer ${service.token}` })).status).toBe(200);
  });

  it.each([
    ['no token', undefined],
    ['a wrong token', 'Bearer wrong'],
    ['an empty token', 'Bearer '],
    ['another scheme', 'Basic dXNlcjpwYXNz'],
  ])('answers %s with 401 and says how to come in', async (_name, authorization) => {
    const answer = await post({ Authorization: authorization });
    expect(answer.status).toBe(401);
    expect(answer.headers['www-authenticate']).toMatch(/^Bearer realm="truenas-mcp"/);
    expect(answer.body).not.toContain(service.token);
  });

  it('accepts no token that is only the beginning of the right one', async () => {
    expect((await post({ Authorization: `Bearer ${service.token.slice(0, -1)}` })).status).toBe(401);
    expect((await post({ Authorization: `Bearer ${service.token}x` })).status).toBe(401);
  });

  it.each(['https://evil.example', 'http://127.0.0.1.evil.example', 'null', 'file://'])(
    'refuses a page of %s, with the right token too',
    async (origin) => {
      expect((await post({ Origin: origin })).status).toBe(403);
    },
  );

  it('lets a page of this machine in', async () => {
    expect((await post({ Origin: 'http://localhost:6274' })).status).toBe(200);
  });

  it('refuses another host name, as a rebound DNS name would send', async () => {
    expect((await post({ Host: 'evil.example' })).status).toBe(403);
    for (const host of [
      'localhost#evil.example',
      'evil.example@localhost',
      'localhost/evil',
      'localhost?x',
      'localhost\\x',
    ])
      expect((await post({ Host: host })).status).toBe(403);
    expect((await post({ Host: 'localhost:1234' })).status).toBe(200);
  });

  it('serves nothing at other paths', async () => {
    expect((await post({}, { path: '/' })).status).toBe(404);
    expect((await post({}, { path: '/mcp/other' })).status).toBe(404);
  });

  it('refuses a body that is too large, and goes on', async () => {
    const body = JSON.stringify({ ...INITIALIZE, padding: 'x'.repeat(2 * 1024 * 1024) });
    const status = await post({}, { body }).then(
      (answer) => answer.status,
      () => 413,
    );
    expect(status).toBe(413);
    expect((await post({})).status).toBe(200);
  });

  it('answers a body that is not JSON with an error, and goes on', async () => {
    expect((await post({}, { body: '{' })).status).toBe(400);
    expect((await post({})).status).toBe(200);
  });

  it.each([
    ['2026-07-28', { pin: '2026-07-28' }],
    ['2025-11-25', 'legacy'],
  ] as const)('serves a client of %s', async (_revision, mode) => {
    const client = new Client({ name: 'test', version: '1' }, { versionNegotiation: { mode } });
    const transport = new StreamableHTTPClientTransport(new URL(service.url), {
      requestInit: { headers: { Authorization: `Bearer ${service.token}` } },
    });
    await client.connect(transport);
    const { tools } = await client.listTools();
    expect(tools.map((tool) => tool.name)).toEqual(ALL_TOOLS.map((tool) => tool.name));
    const wrong = await client.callTool({ name: 'list_pools', arguments: { nmae: 'tank' } });
    expect(wrong.isError).toBe(true);
    await client.close();
  });

  it.each(ERAS)('refuses what is no message of %s, with the id that can be read', async (revision) => {
    const headers = { 'MCP-Protocol-Version': revision, 'Mcp-Method': 'ping' };
    const refused = [
      ['', -32_700, null],
      ['{"jsonrpc":"2.0","id":7', -32_700, null],
      ['[]', -32_600, null],
      ['5', -32_600, null],
      ['{}', -32_600, null],
      ['{"jsonrpc":"2.0","id":null,"method":"ping"}', -32_600, null],
      ['{"jsonrpc":"2.0","id":7,"method":"ping","params":[1]}', -32_600, 7],
    ] as const;
    for (const [body, code, id] of refused) {
      const answer = await post(headers, { body });
      expect([body, answer.status, JSON.parse(answer.body)]).toMatchObject([
        body,
        400,
        { id, error: { code } },
      ]);
    }
    expect((await post({})).status).toBe(200);
  });

  it.each(ERAS)('answers two hundred calls of %s at once, once each', async (revision, era) => {
    const counted = { calls: 0 };
    const call: ReadClient['call'] = async () => {
      counted.calls += 1;
      return [];
    };
    const busy = await serveTools({ ...NAS, call });
    const answers = await Promise.all(
      Array.from({ length: 200 }, async () => (await callOverHttp(busy, [revision, era], TOOL)).text()),
    );
    expect(
      new Set(answers.map((text) => /"id":1\b/.test(text) && !/"isError":true|"error"/.test(text))),
    ).toEqual(new Set([true]));
    expect(counted.calls).toBe(200);
    await busy.close();
  });

  it.each(ERAS)('lets go of a call of %s whose caller hung up', async (revision, era) => {
    const begun: AbortSignal[] = [];
    const call: ReadClient['call'] = (_method, _params, options) =>
      new Promise((_resolve, reject) => {
        const { signal } = options ?? {};
        if (signal === undefined) return;
        signal.addEventListener('abort', () => reject(new Error('let go')));
        begun.push(signal);
      });
    const waiting = await serveTools({ ...NAS, call });
    const hangUp = new AbortController();
    const answer = callOverHttp(waiting, [revision, era], TOOL, hangUp.signal);
    answer.catch(() => undefined);
    await expect.poll(() => begun.map(({ aborted }) => aborted)).toEqual([false]);
    hangUp.abort();
    await expect.poll(() => begun.map(({ aborted }) => aborted)).toEqual([true]);
    await waiting.close();
  });

  it('says when its port is taken', async () => {
    const factory = createServerFactory({ ...FACTORY, tools: registryOf([]) });
    const taken = Number(new URL(service.url).port);
    await expect(serveOnHttp({ factory, port: taken, log: silentLog })).rejects.toThrow(/EADDRINUSE/);
  });
});
