/** `truenas-mcp serve`: MCP on stdio, or on loopback HTTP. Starts whatever the state of the NAS or the configuration. */
import type { Writable } from 'node:stream';
import { type Config, readConfig } from '../config/index.ts';
import { offerDocuments } from '../mcp/handlers/documents.ts';
import { createToolRegistry } from '../mcp/tool-registry.ts';
import { createAccess } from '../access/reader.ts';
import { createSystems } from '../systems/systems.ts';
import { TOOLSETS } from '../tools/index.ts';
import { createServerFactory, type ServerDeps } from '../mcp/server.ts';
import { type Redactor, createRedactor } from '../output/redact/redactor.ts';
import { resourceWatches } from '../resources/watches.ts';
import { createLog, writeToStderr } from '../telemetry/log.ts';
import type { Log } from '../truenas/log.ts';
import type { Watches } from '../updates/shared-watches.ts';
import { keepHeapSmall } from './heap.ts';
import { withKeyParts } from './key-parts.ts';
import { type LazyChanges, lazyChanges } from './lazy-changes.ts';
import { closeAll, type Ending, finish, stopRequested } from './shutdown.ts';
import { claimStdout } from './stdout.ts';
import { usageError } from './usage.ts';
import { VERSION } from './version.ts';

/** Serves until the client goes away or the process is told to stop; the exit code. */
export async function serve(argv: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  const config = await readConfig({ argv, env, command: 'serve' });
  if (config.usageErrors.length > 0) return usageError('serve', config.usageErrors);

  keepHeapSmall();
  // First of all: from here on, nothing that a dependency prints can end up between MCP messages.
  const stdout = config.http === undefined ? claimStdout() : undefined;
  const { redactor, addSecret } = growingRedactor(config.secrets);
  const log = createLog({ level: config.logLevel, redactor });
  logInternalErrors(log);
  for (const warning of config.warnings) log.warn(warning);
  for (const problem of config.problems) log.error(problem);

  const systems = createSystems(
    [{ ...config, name: config.systemName, problems: answeredProblems(config) }],
    {
      log,
      addSecret,
    },
  );
  const nas = createAccess(systems, redactor);
  const audit = await openAudit(config, redactor, log);
  const tools = createToolRegistry(TOOLSETS, { ...config, allowsApiWrite: config.changes.allowsApiWrite });
  const changes =
    config.access === 'read'
      ? undefined
      : lazyChanges(async () =>
          (await import('./changes.ts')).openChanges(config, { nas, systems, tools, redactor, log }),
        );
  const watches = resourceWatches({ nas, log, toolNames: tools.names });
  const factory = createServerFactory({
    version: VERSION,
    tools,
    nas,
    redactor,
    log,
    maxResultTokens: config.maxResultTokens,
    ...(audit === undefined ? {} : { steps: [audit.step], refused: audit.refused }),
    ...(changes === undefined ? {} : { changes: () => changes.deps(), requestState: verifierOf(changes) }),
    extend: offerDocuments({ nas, log, redactor, watches, audit: audit?.documents }),
  });
  const service =
    stdout === undefined
      ? await onHttp(factory, log, config.http ?? { port: 0 }, watches)
      : await onStdio(factory, log, stdout, watches);
  if (service === undefined) return 1;
  // A person who starts it by hand would otherwise see nothing happen.
  if (stdout !== undefined && process.stdin.isTTY === true)
    writeToStderr(
      'Waiting for an MCP client on stdin. To see what this does, stop it (Ctrl-C) and run: truenas-mcp demo\n',
    );
  await Promise.race([service.ended, stopRequested()]);
  await closeAll([
    () =>
      finish(service, systems)
        .then(() => changes?.close())
        .then(() => audit?.close()),
  ]);
  return 0;
}

/** A misspelt variable may be why another one is not set: whoever reads an answer sees no log. */
function answeredProblems({ problems, misspelt }: Config): readonly string[] {
  return problems.length === 0
    ? []
    : [...problems, ...misspelt.map((text) => `${text}.`.replace(/\?\.$/, '?'))];
}

function verifierOf(changes: LazyChanges): NonNullable<ServerDeps['requestState']> {
  return { verify: async (state, context) => (await changes.deps()).seal.verify(state, context) };
}

/** The audit trail, if one is wanted; its first line is written at once, so that a wrong path is known at once. */
async function openAudit(config: Config, redactor: Pick<Redactor, 'text' | 'value'>, log: Log) {
  if (config.auditFile === undefined) return undefined;
  const [{ createAuditTrail }, { auditCalls, auditDocuments, auditRefusals }] = await Promise.all([
    import('../telemetry/audit.ts'),
    import('../mcp/call/audit.ts'),
  ]);
  const trail = createAuditTrail({ file: config.auditFile, redactor, log });
  const nas = config.isDemo ? 'demo' : config.connection?.url;
  trail.record({ event: 'start', version: VERSION, nas, access: config.access });
  return {
    step: auditCalls(trail),
    refused: auditRefusals(trail),
    documents: auditDocuments(trail),
    close: () => trail.close(),
  };
}

type Factory = ReturnType<typeof createServerFactory>;
interface Service extends Ending {
  readonly ended: Promise<void>;
}

async function onStdio(factory: Factory, log: Log, stdout: Writable, watches: Watches): Promise<Service> {
  const { serveOnStdio } = await import('../mcp/stdio/serve.ts');
  return serveOnStdio(factory, { stdin: process.stdin, stdout }, log, watches);
}

async function onHttp(
  factory: Factory,
  log: Log,
  { port, token }: NonNullable<Config['http']>,
  watches: Watches,
): Promise<Service | undefined> {
  const { serveOnHttp } = await import('../mcp/http/serve.ts');
  try {
    const service = await serveOnHttp({ factory, port, token, log, watches });
    const shown = token === undefined ? service.token : '(the value of TRUENAS_HTTP_TOKEN)';
    writeToStderr(`MCP server listening at ${service.url}\nAuthorization: Bearer ${shown}\n`);
    return service;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    writeToStderr(
      `--http: port ${port} cannot be used (${code}). Choose another, or 0 to have one picked.\n`,
    );
    return undefined;
  }
}

/** A forgotten promise is logged and survived; an exception that nobody caught leaves the program in no state to go on. */
function logInternalErrors(log: Log): void {
  process.on('unhandledRejection', (error) => log.error('internal error (unhandled rejection)', { error }));
  process.removeAllListeners('uncaughtException');
  process.on('uncaughtException', (error) => {
    log.error('internal error (uncaught exception)', { error, stack: error.stack });
    process.exit(1);
  });
}

/** The demo's key is known only once its simulator has started; the log and every answer must know it from then on. */
function growingRedactor(secrets: readonly string[]): {
  redactor: Pick<Redactor, 'text' | 'value'>;
  addSecret: (secret: string) => void;
} {
  let known = [...secrets];
  let current = createRedactor({ ownSecrets: withKeyParts(known) });
  return {
    redactor: { text: (text) => current.text(text), value: (value, origin) => current.value(value, origin) },
    addSecret: (secret) => {
      known = [...known, secret];
      current = createRedactor({ ownSecrets: withKeyParts(known) });
    },
  };
}
