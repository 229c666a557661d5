/** A simulated NAS behind the change engine, with clients of both protocol revisions and a person at the approval page. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from '@modelcontextprotocol/client';
import { InMemoryTransport } from '@modelcontextprotocol/server';
import { serveStdio } from '@modelcontextprotocol/server/stdio';
import { type Simulator, type SimulatorOptions, startSimulator } from 'truenas-simulator';
import { onTestFinished } from 'vitest';
import { createApprovals, type OpenApprovals } from '../../../src/changes/approval/approvals.ts';
import { createChangeAudit } from '../../../src/changes/audit-chain.ts';
import { type ChangeEngine, createChangeEngine, type EngineDeps } from '../../../src/changes/engine.ts';
import type { ChangeRules } from '../../../src/changes/gates.ts';
import { createJournal } from '../../../src/changes/journal.ts';
import type { Writers } from '../../../src/changes/writer.ts';
import type { Plan } from '../../../src/changes/plan.ts';
import { createSecretFolder } from '../../../src/changes/secret-folder.ts';
import type { SecretValues } from '../../../src/changes/secrets.ts';
import { createStateSeal } from '../../../src/mcp/call/change-question.ts';
import { createServerFactory } from '../../../src/mcp/server.ts';
import { createRedactor } from '../../../src/output/redact/redactor.ts';
import type { Tool } from '../../../src/tools/define.ts';
import type { WriteClient } from '../../../src/truenas/client.ts';
import { openTrueNas, type TrueNas } from '../../../src/truenas/index.ts';
import { silentLog } from '../../../src/truenas/log.ts';
import { openWriteSession, type WriteSession } from '../../../src/truenas/write-session.ts';
import { accessTo } from '../../support/access.ts';
import { ALL_TOOLS, registryOf } from '../../support/registry.ts';

/** Revisions of MCP, as the client of the SDK names them. */
export const MODES = [
  ['2026-07-28', { pin: '2026-07-28' }],
  ['2025-11-25', 'legacy'],
] as const;
/** How a client negotiates. */
export type Mode = (typeof MODES)[number][1];

/** How a client answers a form. */
export type FormAnswer = (message: string) => {
  action: 'accept' | 'decline' | 'cancel';
  content?: Record<string, string | number | boolean | string[]>;
};

/** What a test chooses. */
export interface ChangeNasOptions extends Partial<Pick<EngineDeps, 'approval' | 'audit' | 'now' | 'turnMs'>> {
  readonly simulator?: SimulatorOptions;
  readonly rules?: Partial<ChangeRules>;
  /** A write connection is there from the start, as with a key for it. */
  readonly hasWriter?: boolean;
  readonly tools?: readonly Tool[];
  /** Folder of secrets that the operator laid out. */
  readonly secretsFolder?: string;
  /** How long a change may take before it becomes a task, in milliseconds. */
  readonly taskPatienceMs?: number;
  /** Folder of journal and audit, when a test looks at them across processes. */
  readonly folder?: string;
}

/** What a test gets. */
export interface ChangeNas {
  readonly simulator: Simulator;
  readonly nas: TrueNas;
  readonly engine: ChangeEngine;
  readonly approvals: OpenApprovals;
  readonly folder: string;
  readonly auditFile: string;
  /** Addresses that the server opened in a browser. */
  readonly openedUrls: readonly string[];
  /** Serves MCP on a transport, for messages that a test writes by hand. */
  serve(transport: InMemoryTransport): Promise<void>;
  client(mode?: Mode, onForm?: FormAnswer): Promise<Client>;
  /** Calls a tool and answers its text, and whether it is an error. */
  call(
    client: Client,
    name: string,
    args: Record<string, unknown>,
  ): Promise<{ text: string; isError: boolean; data: Record<string, unknown> }>;
  /** Secrets of a plan as the person who knows them types them. */
  typed(plan: Plan): SecretValues;
  /** A person signs in anew: after a lost connection there is no session any more. */
  signIn(): Promise<void>;
  /** Somebody else at the same NAS. */
  readonly person: WriteClient;
  /** Methods that write, as the NAS received them. */
  writes(): { method: string; params: readonly unknown[] }[];
  close(): Promise<void>;
}

/** Starts all of it. */
export async function startChangeNas(options: ChangeNasOptions = {}): Promise<ChangeNas> {
  const simulator = await startSimulator({ roles: ['READONLY_ADMIN'], ...options.simulator });
  const folder = options.folder ?? (await mkdtemp(join(tmpdir(), 'changes-')));
  const target = {
    url: simulator.url,
    tls: { fingerprintSha256: simulator.fingerprint },
    timeoutMs: 10_000,
    log: silentLog,
  };
  const nas = openTrueNas({ ...target, apiKey: simulator.apiKey, username: simulator.username });
  const redactor = createRedactor({ ownSecrets: [simulator.apiKey] });
  const redact = <Value>(value: Value): Value => redactor.value(value);
  const access = accessTo(async () => nas, redactor);
  const auditFile = join(folder, 'audit.jsonl');
  const now = options.now ?? Date.now;
  const open: { close(): Promise<void> }[] = [];
  const signIn = async (credential: Parameters<typeof openWriteSession>[1]): Promise<WriteSession> => {
    const session = await openWriteSession(target, credential);
    open.push(session);
    return session;
  };
  const person = {
    kind: 'person',
    username: simulator.person.username,
    password: simulator.person.password,
  } as const;
  let other: Promise<WriteSession> | undefined;
  let writer = options.hasWriter === true ? await signIn(person) : undefined;
  const writers: Writers = {
    current: async () => (writer?.isOpen() === true ? writer : undefined),
    adopt: (_system, _caller, session) => {
      writer = session;
    },
    hold: () => () => {},
    release: () => {},
  };
  const engine = createChangeEngine({
    nas: access,
    writers,
    rules: { access: 'destroy', scope: undefined, protect: [], allowsCode: false, ...options.rules },
    approval: options.approval ?? 'page',
    audit: 'audit' in options ? options.audit : createChangeAudit({ file: auditFile, redact, now }),
    journal: createJournal({ folder, redact }),
    secrets: createSecretFolder({ folder: options.secretsFolder, onlySystem: 'nas', log: silentLog }),
    log: silentLog,
    now,
    turnMs: options.turnMs,
  });
  const openedUrls: string[] = [];
  const approvals = createApprovals({
    engine,
    openSession: (_system, credential) => signIn(credential),
    log: silentLog,
    now,
    folder: join(folder, 'sockets'),
    openUrl: async (url) => {
      openedUrls.push(url);
      return true;
    },
  });
  const tools = registryOf(options.tools ?? ALL_TOOLS);
  const seal = createStateSeal();
  const factory = createServerFactory({
    version: '2.0.0',
    tools,
    nas: access,
    redactor,
    log: silentLog,
    maxResultTokens: 6000,
    now,
    changes: async () => ({
      engine,
      approvals,
      findTool: tools.findChange,
      seal,
      redacted: (value) => redactor.value(value),
    }),
    taskPatienceMs: options.taskPatienceMs,
    requestState: { verify: (state, context) => seal.verify(state, context) },
  });
  return {
    simulator,
    nas,
    engine,
    approvals,
    folder,
    auditFile,
    openedUrls,
    async serve(transport) {
      serveStdio(factory, { transport });
      return Promise.resolve();
    },
    async client(mode = 'legacy', onForm) {
      const [clientSide, serverSide] = InMemoryTransport.createLinkedPair();
      serveStdio(factory, { transport: serverSide });
      const client = new Client(
        { name: 'test', version: '1' },
        {
          versionNegotiation: { mode },
          ...(onForm === undefined ? {} : { capabilities: { elicitation: { form: {} } } }),
        },
      );
      if (onForm !== undefined)
        client.setRequestHandler('elicitation/create', async ({ params }) => onForm(params.message));
      open.push(client);
      await client.connect(clientSide);
      return client;
    },
    async call(client, name, args) {
      const result = await client.callTool({ name, arguments: args });
      const text = result.content.map((block) => ('text' in block ? String(block.text) : '')).join('\n');
      return { text, isError: result.isError === true, data: Object(result.structuredContent) };
    },
    typed: ({ secrets }) =>
      new Map(
        secrets.map(({ key, of, isNew }) => [
          key,
          isNew || !of.startsWith('dataset ')
            ? 'Correct-Horse-7'
            : simulator.control.secretOf(of.replace(/^dataset /u, '')),
        ]),
      ),
    async signIn() {
      writer = await signIn(person);
    },
    person: {
      async write(...call) {
        other ??= signIn(person);
        return (await other).write.write(...call);
      },
    },
    writes: () =>
      simulator
        .calls()
        .filter(({ method }) => WRITES.test(method))
        .map(({ method, params }) => ({ method, params })),
    async close() {
      await approvals.close();
      await Promise.all(open.map((each) => each.close()));
      await nas.close();
      await simulator.close();
      if (options.folder === undefined) await rm(folder, { recursive: true, force: true });
    },
  };
}

const WRITES =
  /\.(?:create|update|delete|do_\w+|clone|rollback|rename|promote|lock|unlock|hold|release|set\w+|control|start|stop|restart|run|replace|offline|online|scrub|dismiss|restore|abort|activate|destroy|keep|reboot|shutdown|chown|upgrade|export|commit|checkin|import_\w+)$/;

/** A NAS with a write connection, which ends with the test. */
export async function changeNas(options: ChangeNasOptions = {}): Promise<ChangeNas> {
  const nas = await startChangeNas({ hasWriter: true, ...options });
  onTestFinished(() => nas.close());
  return nas;
}
