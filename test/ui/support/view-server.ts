/** Our server on a simulated NAS whose clock stands still, and the page of a host in front of it. */
import { createServer, request as httpRequest, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import * as esbuild from 'esbuild';
import { type Simulator, type SimulatorOptions, startSimulator } from 'truenas-simulator';
import { createStateSeal } from '../../../src/mcp/call/change-question.ts';
import { offerDocuments } from '../../../src/mcp/handlers/documents.ts';
import { serveOnHttp } from '../../../src/mcp/http/serve.ts';
import { createServerFactory } from '../../../src/mcp/server.ts';
import { createRedactor } from '../../../src/output/redact/redactor.ts';
import { openTrueNas, silentLog } from '../../../src/truenas/index.ts';
import { startChangeNas } from '../../changes/support/change-nas.ts';
import { accessTo } from '../../support/access.ts';
import { ALL_TOOLS, registryOf } from '../../support/registry.ts';
import { NOW_MS } from '../../support/tools.ts';

/** A running one. */
export interface ViewServer {
  readonly simulator: Simulator;
  /** Where the host's page is. */
  readonly url: string;
  close(): Promise<void>;
}

/** Starts NAS, server and host. */
export async function startViewServer(options: SimulatorOptions = {}): Promise<ViewServer> {
  const simulator = await startSimulator({ now: () => NOW_MS, delayScale: 0.01, ...options });
  const nas = openTrueNas({
    url: simulator.url,
    apiKey: simulator.apiKey,
    username: simulator.username,
    tls: { fingerprintSha256: simulator.fingerprint },
    timeoutMs: 30_000,
    log: silentLog,
  });
  const redactor = createRedactor({ ownSecrets: [simulator.apiKey] });
  const access = accessTo(async () => nas, redactor);
  const factory = createServerFactory({
    version: '2.0.0',
    tools: registryOf(ALL_TOOLS.filter(({ kind }) => kind === 'read')),
    nas: access,
    redactor,
    log: silentLog,
    maxResultTokens: 10_000,
    now: () => NOW_MS,
    extend: offerDocuments({ nas: access, log: silentLog, redactor }),
  });
  return served(simulator, factory, async () => {
    await nas.close();
    await simulator.close();
  });
}

/** The same with the tools that plan, and a write connection; `fast/vms` is protected. */
export async function startChangeViewServer(options: SimulatorOptions = {}): Promise<ViewServer> {
  const bench = await startChangeNas({
    simulator: { now: () => NOW_MS, delayScale: 0.01, ...options },
    rules: { protect: ['fast/vms'] },
    hasWriter: true,
    now: () => NOW_MS,
  });
  const { simulator, nas, engine, approvals } = bench;
  const redactor = createRedactor({ ownSecrets: [simulator.apiKey] });
  const access = accessTo(async () => nas, redactor);
  const tools = registryOf(ALL_TOOLS);
  const seal = createStateSeal();
  const factory = createServerFactory({
    version: '2.0.0',
    tools,
    nas: access,
    redactor,
    log: silentLog,
    maxResultTokens: 10_000,
    now: () => NOW_MS,
    extend: offerDocuments({ nas: access, log: silentLog, redactor }),
    changes: async () => ({
      engine,
      approvals,
      findTool: tools.findChange,
      seal,
      redacted: (value) => redactor.value(value),
    }),
    requestState: { verify: (state, context) => seal.verify(state, context) },
  });
  return served(simulator, factory, () => bench.close());
}

/** Serves it, with the host's page in front. */
async function served(
  simulator: Simulator,
  factory: ReturnType<typeof createServerFactory>,
  closeNas: () => Promise<void>,
): Promise<ViewServer> {
  const service = await serveOnHttp({ factory, port: 0, log: silentLog });
  const page = await startHostPage(service);
  return {
    simulator,
    url: `http://127.0.0.1:${(page.address() as AddressInfo).port}/`,
    async close() {
      page.closeAllConnections();
      page.close();
      await service.close();
      await closeNas();
    },
  };
}

const PAGE = `<!doctype html><html lang="en"><meta charset="utf-8"><title>host</title>
<style>body{margin:0}iframe{border:0;width:100%;height:400px;display:block}</style><body><script src="/host.js"></script>`;

/** The host's page, and the way from it to the server, whose token a page must not know. */
async function startHostPage({
  url,
  token,
}: {
  readonly url: string;
  readonly token: string;
}): Promise<Server> {
  const script = await hostScript();
  const server = createServer((incoming, outgoing) => {
    if (incoming.url === '/mcp') {
      const { origin: _origin, host: _host, ...headers } = incoming.headers;
      const forwarded = httpRequest(
        url,
        { method: incoming.method, headers: { ...headers, authorization: `Bearer ${token}` } },
        (answer) => {
          outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
          answer.pipe(outgoing);
        },
      );
      forwarded.on('error', () => outgoing.destroy());
      incoming.pipe(forwarded);
      return;
    }
    const isScript = incoming.url === '/host.js';
    outgoing.writeHead(200, { 'content-type': isScript ? 'text/javascript' : 'text/html' });
    outgoing.end(isScript ? script : PAGE);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  return server;
}

let bundled: Promise<string> | undefined;

function hostScript(): Promise<string> {
  bundled ??= esbuild
    .build({
      entryPoints: [fileURLToPath(new URL('../host/main.ts', import.meta.url))],
      bundle: true,
      write: false,
      platform: 'browser',
      format: 'iife',
      target: 'es2022',
      logLevel: 'warning',
    })
    .then(({ outputFiles }) => outputFiles[0]?.text ?? '');
  return bundled;
}
