/**
 * Builds an MCP server, for both protocol eras. The SDK calls the factory once per connection (stdio) or per request
 * (HTTP), so everything that can be shared is made here once. Knows no single tool.
 */
import {
  type McpRequestContext,
  McpServer,
  type McpServerFactory,
  type ServerOptions,
} from '@modelcontextprotocol/server';
import { type Caller, LOCAL_CALLER } from '../access/caller.ts';
import type { NasAccess } from '../access/reader.ts';
import type { Redactor } from '../output/redact/redactor.ts';
import type { Log } from '../truenas/log.ts';
import type { ChangeDeps } from './call/change-call.ts';
import { type Answer, chain, type Step } from './call/middleware.ts';
import { afterwards, explainFailures, limitSize, redactSecrets } from './call/steps.ts';
import { createTasks, TASKS_EXTENSION } from './call/tasks.ts';
import { chooseSystem } from './call/system-argument.ts';
import { offerTasks } from './handlers/tasks.ts';
import { offerTools } from './handlers/tools.ts';
import { instructions } from './instructions.ts';
import type { ToolRegistry } from './tool-registry.ts';

/** What a server is made of. */
export interface ServerDeps {
  readonly version: string;
  readonly tools: ToolRegistry;
  readonly nas: NasAccess;
  readonly redactor: Pick<Redactor, 'text' | 'value'>;
  readonly log: Log;
  /** Size budget of one answer. */
  readonly maxResultTokens: number;
  /** Milliseconds since the epoch; the system's clock when absent. */
  readonly now?: () => number;
  /** Steps between the explanation of failures and the call, outermost first: audit, consent. */
  readonly steps?: readonly Step[];
  /** Called when a client names an unknown tool. */
  readonly refused?: (tool: string, args: unknown) => void;
  /** Registers more on each server that is built: resources, prompts, a test's fixtures. */
  readonly extend?: (server: McpServer, extension: Extension) => void;
  /** Opens the change engine, the same each time; absent at access `read`. */
  readonly changes?: (() => Promise<ChangeDeps>) | undefined;
  /** How long a change may take before it becomes a task, in milliseconds; two seconds when absent. */
  readonly taskPatienceMs?: number | undefined;
  /** Checks the state that a client brings back with its answers; what fails never reaches a tool. */
  readonly requestState?: ServerOptions['requestState'];
}

/** What an extension of a server may build on. */
export interface Extension {
  /** Which protocol era and transport the server is for. */
  readonly request: McpRequestContext;
  readonly caller: Caller;
  readonly tools: ToolRegistry;
  /** The steps around every call, and the call. */
  readonly answer: Answer;
}

/** How long a client may keep a list without asking again; nothing in it changes while the process lives. */
const LIST_CACHE = { ttlMs: 300_000, cacheScope: 'public' } as const;

/** Makes the function that the SDK's stdio and HTTP entries call for a server. */
export function createServerFactory(deps: ServerDeps): McpServerFactory {
  const now = deps.now ?? Date.now;
  const tasks =
    deps.changes === undefined
      ? undefined
      : createTasks({ now, redact: (text) => deps.redactor.text(text), patienceMs: deps.taskPatienceMs });
  const answer = createAnswer(deps, tasks === undefined ? [] : [tasks.step]);
  return (request) => {
    const server = new McpServer(
      { name: 'truenas-mcp-server', title: 'TrueNAS', version: deps.version },
      {
        capabilities: {
          tools: { listChanged: false },
          ...(tasks === undefined ? {} : { extensions: { [TASKS_EXTENSION]: {} } }),
        },
        instructions: instructions(deps.changes !== undefined),
        ...(deps.requestState === undefined ? {} : { requestState: deps.requestState }),
        cacheHints: {
          'tools/list': LIST_CACHE,
          'prompts/list': LIST_CACHE,
          'resources/list': LIST_CACHE,
          'resources/templates/list': LIST_CACHE,
          'server/discover': LIST_CACHE,
        },
      },
    );
    // Everyone who gets this far uses the key of the configuration.
    const extension = { request, caller: LOCAL_CALLER, tools: deps.tools, answer };
    offerTools(server, extension, { systems: deps.nas.systems, refused: deps.refused });
    if (tasks !== undefined) offerTasks(server, tasks, LOCAL_CALLER);
    deps.extend?.(server, extension);
    // A client says hello first, and asks for the list next.
    setImmediate(() => void deps.tools.definitions().catch(() => {}));
    return server;
  };
}

/** The steps, outermost first: whatever goes out, error or answer, is redacted before it is cut. */
function createAnswer(
  { nas, log, redactor, tools, maxResultTokens: budgetTokens, ...deps }: ServerDeps,
  outermost: readonly Step[],
): Answer {
  const now = deps.now ?? Date.now;
  let run: Promise<Answer> | undefined;
  const steps = [
    ...outermost,
    afterwards(limitSize(budgetTokens)),
    afterwards(redactSecrets(redactor)),
    explainFailures(log),
    chooseSystem(nas.systems),
    ...(deps.steps ?? []),
  ];
  return chain(steps, async (call) => {
    run ??= import('./call/run.ts').then(({ createRunner }) =>
      createRunner({
        ...{ nas, now, log, budgetTokens, findables: tools.findables, changes: deps.changes },
        redacted: (value) => redactor.value(value),
      }),
    );
    return (await run)(call);
  });
}
