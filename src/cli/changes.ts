/** Puts the change engine together from the configuration. Loaded at access levels that change something only. */
import { rm } from 'node:fs/promises';
import type { NasAccess } from '../access/reader.ts';
import { LOCAL_CALLER } from '../access/caller.ts';
import { createApprovals } from '../changes/approval/approvals.ts';
import { createChangeAudit } from '../changes/audit-chain.ts';
import { createChangeEngine } from '../changes/engine.ts';
import { createJournal } from '../changes/journal.ts';
import { createSecretFolder } from '../changes/secret-folder.ts';
import { inFolder } from '../changes/state-folder.ts';
import type { ChangeDeps } from '../mcp/call/change-call.ts';
import { createStateSeal } from '../mcp/call/change-question.ts';
import type { ToolRegistry } from '../mcp/tool-registry.ts';
import type { Redactor } from '../output/redact/redactor.ts';
import { type ChangeSettings, DEFAULT_CHANGE_SETTINGS } from '../policy/change-settings.ts';
import type { AccessLevel } from '../policy/levels.ts';
import type { WriteSessions } from '../systems/write-sessions.ts';
import type { Systems } from '../systems/systems.ts';
import type { Log } from '../truenas/log.ts';
import { makeProcessFolder } from './process-folder.ts';

/** Parts of the configuration that changes go by. */
export interface ChangeConfig {
  readonly access: AccessLevel;
  readonly isDemo: boolean;
  /** The NAS that secrets of no named one are for. */
  readonly systemName: string;
  readonly auditFile?: string | undefined;
  readonly changes?: ChangeSettings | undefined;
}

/** What the engine works with. */
export interface ChangeParts {
  readonly nas: NasAccess;
  readonly systems: Pick<Systems, 'writeSessions'>;
  readonly tools: Pick<ToolRegistry, 'findChange'>;
  readonly redactor: Pick<Redactor, 'value'>;
  readonly log: Log;
}

/** The engine, for the server, and its end. */
export interface OpenedChanges {
  readonly deps: ChangeDeps;
  close(): Promise<void>;
}

/** Opens it; nothing is written or listened to before a change is asked for. */
export async function openChanges(
  config: ChangeConfig,
  { nas, systems, tools, redactor, log }: ChangeParts,
): Promise<OpenedChanges> {
  const settings = config.changes ?? DEFAULT_CHANGE_SETTINGS;
  const demoFolder =
    config.isDemo && settings.stateFolder === undefined
      ? await makeProcessFolder('truenas-mcp-demo')
      : undefined;
  const folder = settings.stateFolder ?? demoFolder;
  const file = config.auditFile ?? (folder === undefined ? undefined : inFolder(folder, 'audit.jsonl'));
  const redact = <Value>(value: Value): Value => redactor.value(value);
  const writers = config.isDemo ? withDemoPerson(systems.writeSessions) : systems.writeSessions;
  const engine = createChangeEngine({
    nas,
    writers,
    rules: {
      access: config.access,
      scope: settings.scope,
      protect: settings.protectedDatasets,
      allowsCode: settings.allowsCode,
    },
    approval: settings.approval,
    audit:
      file === undefined
        ? undefined
        : createChangeAudit({
            file,
            folder: config.auditFile === undefined ? folder : undefined,
            redact,
            now: Date.now,
          }),
    journal: createJournal({ folder, redact }),
    secrets: createSecretFolder({ folder: settings.secretsFolder, onlySystem: config.systemName, log }),
    log,
    now: Date.now,
  });
  const approvals = createApprovals({
    engine,
    openSession: (system, credential) => writers.signIn(system, LOCAL_CALLER, credential),
    log,
    now: Date.now,
  });
  return {
    deps: { engine, approvals, findTool: tools.findChange, seal: createStateSeal(), redacted: redact },
    async close() {
      await approvals.close();
      if (demoFolder !== undefined) await rm(demoFolder, { recursive: true, force: true });
    },
  };
}

/** A demo's NAS is simulated, and nobody else knows its password: its person signs in by themselves for what needs no approval. */
function withDemoPerson(sessions: WriteSessions): WriteSessions {
  return {
    ...sessions,
    async current(system, caller, risk) {
      const open = await sessions.current(system, caller, risk);
      if (open !== undefined || (risk !== 'reversible' && risk !== 'configuration')) return open;
      const person = await sessions.demoPerson(system, caller);
      if (person === undefined) return undefined;
      const session = await sessions.signIn(system, caller, person);
      sessions.adopt(system, caller, session);
      return session;
    },
  };
}
