/** Our server with everything that leaves it caught: what a client is answered, and what is logged at debug level. */
import { Client } from '@modelcontextprotocol/client';
import { InMemoryTransport } from '@modelcontextprotocol/server';
import { serveStdio } from '@modelcontextprotocol/server/stdio';
import { offerDocuments } from '../../../src/mcp/handlers/documents.ts';
import { createServerFactory } from '../../../src/mcp/server.ts';
import { withSubscriptions } from '../../../src/mcp/stdio/subscriptions.ts';
import { createRedactor } from '../../../src/output/redact/redactor.ts';
import { resourceWatches } from '../../../src/resources/watches.ts';
import { createLog } from '../../../src/telemetry/log.ts';
import { accessTo } from '../../support/access.ts';
import { ALL_TOOLS, registryOf } from '../../support/registry.ts';
import { openTrueNas, type ReadClient, type TrueNasOptions } from '../../../src/truenas/index.ts';

/** A client whose ears are open. */
export interface Heard {
  /** Calls a tool; the answer as text, error or not. */
  call(tool: string, args?: Record<string, unknown>): Promise<string>;
  read(uri: string): Promise<string>;
  readonly client: Client;
  readonly nas: ReadClient;
  /** Everything that came out so far. */
  all(): string;
  forget(): void;
  close(): Promise<void>;
}

/** How to reach the NAS, and what to do to its answers on the way. */
export interface HeardOptions extends Pick<TrueNasOptions, 'url' | 'apiKey' | 'username'> {
  readonly fingerprint?: string;
  readonly through?: (client: ReadClient) => ReadClient;
}

/** Starts a server and a client on a pipe. */
export async function heard({ url, apiKey, username, fingerprint, through }: HeardOptions): Promise<Heard> {
  let out: string[] = [];
  const redactor = createRedactor({ ownSecrets: [apiKey] });
  const log = createLog({ level: 'debug', redactor, write: (line) => out.push(line) });
  const tls = fingerprint === undefined ? {} : { fingerprintSha256: fingerprint };
  const nas = openTrueNas({ url, apiKey, username, tls, timeoutMs: 20_000, log });
  const read = through === undefined ? nas.read : through(nas.read);
  const source = { nas: accessTo(async () => ({ read, events: nas.events }), redactor), log };
  const tools = registryOf(ALL_TOOLS);
  const timings = { quietMs: 10, pollMs: 60_000, slowPollMs: 60_000 };
  const watches = resourceWatches({ ...source, toolNames: tools.names, timings });
  const factory = createServerFactory({
    version: '2.0.0',
    tools,
    ...source,
    redactor,
    maxResultTokens: 60_000,
    extend: offerDocuments({ ...source, redactor, watches }),
  });
  const [clientSide, serverSide] = InMemoryTransport.createLinkedPair();
  const send = serverSide.send.bind(serverSide);
  serverSide.send = (message, options) => {
    out.push(JSON.stringify(message));
    return send(message, options);
  };
  serveStdio(factory, { transport: withSubscriptions(serverSide, watches) });
  const client = new Client({ name: 'test', version: '1' }, { versionNegotiation: { mode: 'legacy' } });
  await client.connect(clientSide);
  const textOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
  return {
    client,
    nas: read,
    call: (name, args = {}) =>
      client.callTool({ name, arguments: args }).then((result) => JSON.stringify(result), textOf),
    read: (uri) => client.readResource({ uri }).then((result) => JSON.stringify(result), textOf),
    all: () => out.join('\n'),
    forget() {
      out = [];
    },
    async close() {
      await client.close();
      await nas.close();
    },
  };
}
