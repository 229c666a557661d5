import { request } from 'node:http';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { Client as OldClient } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport as OldTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { countTokens } from 'gpt-tokenizer/encoding/o200k_base';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ensureBuilt } from '../support/built.ts';
import { type HttpServer, startHttpServer } from './http-server.ts';

let server: HttpServer;
beforeAll(async () => {
  await ensureBuilt();
  server = await startHttpServer();
});
afterAll(() => server.stop());

const withToken = () => ({ requestInit: { headers: { authorization: `Bearer ${server.token}` } } });

/** What the tests need of a client, whichever generation it is of. */
interface AnyClient {
  listTools(): Promise<{
    tools: { name: string; outputSchema?: unknown; annotations?: unknown; title?: string | undefined }[];
  }>;
  callTool(call: { name: string; arguments: Record<string, unknown> }): Promise<unknown>;
  close(): Promise<void>;
}

const CLIENTS: readonly (readonly [string, () => Promise<AnyClient>])[] = [
  ['the official client, 2026-07-28', () => connect({ versionNegotiation: { mode: { pin: '2026-07-28' } } })],
  ['the official client, 2025-11-25', () => connect({ versionNegotiation: { mode: 'legacy' } })],
  ['the 1.x SDK', connectOld],
];

async function connect(options: ConstructorParameters<typeof Client>[1]): Promise<AnyClient> {
  const client = new Client({ name: 'http-test', version: '1' }, options);
  await client.connect(new StreamableHTTPClientTransport(server.url, withToken()));
  return client;
}

async function connectOld(): Promise<AnyClient> {
  const client = new OldClient({ name: 'http-test', version: '1' });
  // Its Transport type was written without exactOptionalPropertyTypes.
  await client.connect(new OldTransport(server.url, withToken()) as Parameters<OldClient['connect']>[0]);
  return client;
}

interface CallAnswer {
  readonly isError?: boolean;
  readonly content: readonly { readonly type: string; readonly text?: string }[];
  readonly structuredContent?: Record<string, unknown>;
}

describe.each(CLIENTS)('over HTTP, %s', (_name, open) => {
  it('lists tools, gets text and data, and is told what was wrong with an argument', async () => {
    const client = await open();
    try {
      const { tools } = await client.listTools();
      expect(tools.map((tool) => tool.name)).toContain('system_overview');
      for (const tool of tools) {
        expect(tool).toMatchObject({
          title: expect.any(String) as string,
          outputSchema: { type: 'object' },
          annotations: {
            readOnlyHint: true,
            openWorldHint: ['list_items', 'get_item', 'call_api_read'].includes(tool.name),
          },
        });
      }
      const answer = (await client.callTool({ name: 'list_pools', arguments: {} })) as CallAnswer;
      expect(answer.isError).not.toBe(true);
      expect(answer.content[0]?.text).toContain('tank');
      expect(answer.structuredContent).toBeTypeOf('object');

      const wrong = (await client.callTool({
        name: 'list_pools',
        arguments: { colour: 'red' },
      })) as CallAnswer;
      expect(wrong.isError).toBe(true);
      expect(wrong.content[0]?.text).toContain('colour');
    } finally {
      await client.close();
    }
  });

  it('an unknown tool is a protocol error', async () => {
    const client = await open();
    try {
      await expect(client.callTool({ name: 'no_such_tool', arguments: {} })).rejects.toThrow(/no_such_tool/);
    } finally {
      await client.close();
    }
  });
});

describe('the HTTP service', () => {
  const body = JSON.stringify({
    jsonrpc: '2.0',
    id: 1,
    method: 'initialize',
    params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'raw', version: '1' } },
  });

  it('a request without the token, from another site, or for another host is refused', async () => {
    const authorization = `Bearer ${server.token}`;
    expect(await post({ authorization })).toBe(200);
    expect(await post({})).toBe(401);
    expect(await post({ authorization: `${authorization}x` })).toBe(401);
    expect(await post({ authorization: 'Bearer ' })).toBe(401);
    expect(await post({ authorization, origin: 'https://evil.example' })).toBe(403);
    expect(await post({ authorization, origin: 'null' })).toBe(403);
    expect(await post({ authorization, host: 'evil.example' })).toBe(403);
    expect(await post({ authorization, origin: `http://localhost:${server.url.port}` })).toBe(200);
  });

  it('writes nothing to stdout', () => {
    expect(server.stdout()).toBe('');
  });

  it('tools/list costs a model at most 6,000 tokens at access read', async () => {
    const client = await connectOld();
    const { tools } = await client.listTools();
    await client.close();
    expect(tools.length).toBeGreaterThan(0);
    expect(countTokens(JSON.stringify({ tools }))).toBeLessThanOrEqual(6000);
  });

  /** The status of a raw request; `fetch` would not let a caller forge Host. */
  function post(headers: Record<string, string>): Promise<number | undefined> {
    return new Promise((resolve, reject) => {
      const outgoing = request(
        server.url,
        {
          method: 'POST',
          headers: {
            'content-type': 'application/json',
            accept: 'application/json, text/event-stream',
            ...headers,
          },
        },
        (reply) => {
          reply.resume();
          resolve(reply.statusCode);
        },
      );
      outgoing.on('error', reject);
      outgoing.end(body);
    });
  }
});
