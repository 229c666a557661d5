/** Our server on a simulated NAS, over real sockets to the NAS, for clients of both protocol eras. */
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { InMemoryTransport } from '@modelcontextprotocol/server';
import { serveStdio } from '@modelcontextprotocol/server/stdio';
import { offerDocuments } from '../../../src/mcp/handlers/documents.ts';
import { serveOnHttp } from '../../../src/mcp/http/serve.ts';
import { createServerFactory } from '../../../src/mcp/server.ts';
import { withSubscriptions } from '../../../src/mcp/stdio/subscriptions.ts';
import { createRedactor } from '../../../src/output/redact/redactor.ts';
import { resourceWatches } from '../../../src/resources/watches.ts';
import type { WatchTimings } from '../../../src/updates/watch.ts';
import { type Simulator, type SimulatorOptions, startSimulator } from 'truenas-simulator';
import { accessTo } from '../../support/access.ts';
import { ALL_TOOLS, registryOf } from '../../support/registry.ts';
import type { Tool } from '../../../src/tools/define.ts';
import { silentLog, type TrueNas } from '../../../src/truenas/index.ts';
import { closers, clientForTest } from '../../truenas/support/client.ts';

export const ERAS = [
  ['2026-07-28', { pin: '2026-07-28' }],
  ['2025-11-25', 'legacy'],
] as const;
/** How a client negotiates. */
export type Mode = (typeof ERAS)[number][1];

/** What a test may choose. */
export interface ServedOptions {
  readonly simulator?: SimulatorOptions;
  readonly tools?: readonly Tool[];
  readonly timings?: Partial<WatchTimings>;
  readonly timeoutMs?: number;
}

/** A server with its NAS. */
export interface Served {
  readonly simulator: Simulator;
  readonly nas: TrueNas;
  /** A client on a pipe. */
  readonly connect: (mode: Mode) => Promise<Client>;
  /** A client over HTTP, on a real socket. */
  readonly connectHttp: (mode: Mode) => Promise<Client>;
}

/** Starts both. Everything is closed after the test. */
export async function served(options: ServedOptions = {}): Promise<Served> {
  const simulator = await startSimulator({ delayScale: 0.01, ...options.simulator });
  closers.push(() => simulator.close());
  const nas = clientForTest(simulator.url, {
    apiKey: simulator.apiKey,
    username: simulator.username,
    tls: { fingerprintSha256: simulator.fingerprint },
    timeoutMs: options.timeoutMs ?? 5_000,
  });
  const tools = registryOf(options.tools ?? ALL_TOOLS);
  const redactor = createRedactor({ ownSecrets: [simulator.apiKey] });
  const source = { nas: accessTo(async () => nas, redactor), log: silentLog };
  const timings = { quietMs: 10, pollMs: 60_000, slowPollMs: 60_000, ...options.timings };
  const watches = resourceWatches({ ...source, toolNames: tools.names, timings });
  const factory = createServerFactory({
    version: '2.0.0',
    tools,
    ...source,
    redactor,
    maxResultTokens: 6000,
    extend: offerDocuments({ ...source, redactor, watches }),
  });
  const open = async (mode: Mode, connect: (client: Client) => Promise<void>): Promise<Client> => {
    const client = new Client({ name: 'test', version: '1' }, { versionNegotiation: { mode } });
    closers.push(() => client.close());
    await connect(client);
    return client;
  };
  return {
    simulator,
    nas,
    connect: (mode) =>
      open(mode, async (client) => {
        const [clientSide, serverSide] = InMemoryTransport.createLinkedPair();
        serveStdio(factory, { transport: withSubscriptions(serverSide, watches) });
        await client.connect(clientSide);
      }),
    connectHttp: (mode) =>
      open(mode, async (client) => {
        const service = await serveOnHttp({ factory, port: 0, log: silentLog, watches });
        closers.push(() => service.close());
        await client.connect(
          new StreamableHTTPClientTransport(new URL(service.url), {
            requestInit: { headers: { Authorization: `Bearer ${service.token}` } },
          }),
        );
      }),
  };
}

/** The text of a resource's one content. */
export async function readText(client: Client, uri: string): Promise<string> {
  const { contents } = await client.readResource({ uri });
  const [first] = contents;
  if (contents.length !== 1 || first === undefined || !('text' in first))
    throw new Error('one text was expected');
  return first.text;
}

/** Resolves when `isTrue`; fails after a while, which no test that passes waits for. */
export async function until(isTrue: () => boolean | Promise<boolean>, what: string): Promise<void> {
  for (let round = 0; round < 500; round += 1) {
    if (await isTrue()) return;
    await new Promise((resolve) => {
      setTimeout(resolve, 10);
    });
  }
  throw new Error(`still not: ${what}`);
}
