/** With one NAS nothing shows that there could be more; with two, everything that asks says which. */
import { Client } from '@modelcontextprotocol/client';
import { InMemoryTransport } from '@modelcontextprotocol/server';
import { serveStdio } from '@modelcontextprotocol/server/stdio';
import { type Simulator, startSimulator } from 'truenas-simulator';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAccess } from '../../src/access/reader.ts';
import { offerDocuments } from '../../src/mcp/handlers/documents.ts';
import { createServerFactory } from '../../src/mcp/server.ts';
import { createToolRegistry } from '../../src/mcp/tool-registry.ts';
import { createRedactor } from '../../src/output/redact/redactor.ts';
import { createSystems, type Systems } from '../../src/systems/systems.ts';
import { TOOLSETS } from '../../src/tools/index.ts';
import { TOOLSET_NAMES } from '../../src/tools/toolset.ts';
import { silentLog } from '../../src/truenas/log.ts';

const open: (() => Promise<unknown>)[] = [];
afterAll(async () => {
  for (const close of open.reverse()) await close();
});

let office: Simulator;
let home: Simulator;
beforeAll(async () => {
  [office, home] = await Promise.all([startSimulator({ datasets: 200 }), startSimulator({ seed: 7 })]);
  open.push(
    () => office.close(),
    () => home.close(),
  );
});

function systemOf(name: string, simulator: Simulator) {
  const { url, apiKey, username, fingerprint } = simulator;
  const connection = {
    url,
    apiKey,
    username,
    tls: { fingerprintSha256: fingerprint },
    timeoutMs: 20_000,
  };
  return {
    name,
    connection,
    access: 'read' as const,
    isDemo: false,
    problems: [],
    simulator: {},
    timeoutMs: 20_000,
  };
}

async function connect(systems: Systems): Promise<Client> {
  const redactor = createRedactor({ ownSecrets: [office.apiKey, home.apiKey] });
  const nas = createAccess(systems, redactor);
  const factory = createServerFactory({
    version: '2.0.0',
    tools: createToolRegistry(TOOLSETS, { access: 'read', toolsets: TOOLSET_NAMES }),
    nas,
    redactor,
    log: silentLog,
    maxResultTokens: 6000,
    extend: offerDocuments({ nas, redactor, log: silentLog }),
  });
  const [clientSide, serverSide] = InMemoryTransport.createLinkedPair();
  serveStdio(factory, { transport: serverSide });
  const client = new Client({ name: 'test', version: '1' }, { versionNegotiation: { mode: 'legacy' } });
  await client.connect(clientSide);
  open.push(
    () => systems.close(),
    () => client.close(),
  );
  return client;
}

const observer = { log: silentLog, addSecret: () => undefined };
const textOf = (result: Awaited<ReturnType<Client['callTool']>>): string =>
  (result.content as { text: string }[]).map(({ text }) => text).join('\n');

describe('one NAS', () => {
  it('has no "system" in any list, schema or URI', async () => {
    const client = await connect(createSystems([systemOf('office', office)], observer));
    const { tools } = await client.listTools();
    const { resources } = await client.listResources();
    const { resourceTemplates } = await client.listResourceTemplates();
    const properties = tools.flatMap(({ inputSchema }) => Object.keys(inputSchema.properties ?? {}));
    expect(properties).not.toContain('system');
    expect(JSON.stringify([resources, resourceTemplates])).not.toMatch(/office/u);
    expect(resources.map(({ uri }) => uri)).toContain('truenas://overview');
  });

  it('refuses the argument like any other that it does not know', async () => {
    const client = await connect(createSystems([systemOf('office', office)], observer));
    const answer = await client.callTool({ name: 'list_pools', arguments: { system: 'office' } });
    expect(textOf(answer)).toContain('"system" is not an argument');
  });
});

describe('two NASes', () => {
  const both = () => createSystems([systemOf('office', office), systemOf('home', home)], observer);

  it('make every tool ask which, and each answers of its own', async () => {
    const client = await connect(both());
    const { tools } = await client.listTools();
    for (const { inputSchema } of tools) {
      expect(inputSchema.properties?.['system']).toEqual({ type: 'string', enum: ['office', 'home'] });
      expect(inputSchema.required).toContain('system');
    }
    const count = async (system: string) =>
      textOf(await client.callTool({ name: 'list_datasets', arguments: { system, limit: 1 } })).split(
        '\n',
      )[0];
    expect(await count('office')).toContain('of 200');
    expect(await count('home')).not.toContain('of 200');
  });

  it('a tool that is called through another is asked about the NAS which that call names', async () => {
    const client = await connect(both());
    const count = async (system: string) =>
      textOf(
        await client.callTool({
          name: 'call_api_read',
          arguments: { system, method: 'list_datasets', params: [{ limit: 1 }] },
        }),
      ).split('\n')[0];
    expect(await count('office')).toContain('of 200');
    expect(await count('home')).toMatch(/^datasets 1-1 of (?!200)/u);
  });

  it('are named when a call names none of them', async () => {
    const client = await connect(both());
    const ask = async (args: Record<string, unknown>) =>
      textOf(await client.callTool({ name: 'list_pools', arguments: args }));
    expect(await ask({})).toBe('Invalid argument: "system" is missing; say which: office, home');
    expect(await ask({ system: 'ofice' })).toBe(
      'Invalid argument: "system" names no configured NAS: "ofice"; did you mean "office"?',
    );
  });

  it('have URIs of their own, and pages that belong to none', async () => {
    const client = await connect(both());
    const uris = (await client.listResources()).resources.map(({ uri }) => uri);
    expect(uris.filter((uri) => !uri.startsWith('skill://'))).toEqual([
      'truenas://office/overview',
      'truenas://office/alerts',
      'truenas://office/report',
      'truenas://home/overview',
      'truenas://home/alerts',
      'truenas://home/report',
      'truenas://docs/query-filters',
      'truenas://docs/dataset-properties',
      'truenas://docs/safety',
    ]);
    const read = async (uri: string) => {
      const [content] = (await client.readResource({ uri })).contents;
      return content !== undefined && 'text' in content ? content.text : '';
    };
    expect(await read('truenas://home/pool/tank')).toContain('pool tank');
    await expect(client.readResource({ uri: 'truenas://pool/tank' })).rejects.toThrow(/not found/iu);
    const asked = home.calls().length;
    await read('truenas://office/alerts');
    expect(home.calls()).toHaveLength(asked);
  });

  it('complete names each from its own NAS', async () => {
    const client = await connect(both());
    const before = office.calls().length;
    const { completion } = await client.complete({
      ref: { type: 'ref/resource', uri: 'truenas://home/pool/{name}' },
      argument: { name: 'name', value: 't' },
    });
    expect(completion.values).toContain('tank');
    expect(office.calls()).toHaveLength(before);
  });
});
