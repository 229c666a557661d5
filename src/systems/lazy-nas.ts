/** One configured NAS, opened on first use and once. */
import type { SimulatorOptions } from 'truenas-simulator';
import type { OpenNas } from '../access/reader.ts';
import type { WriteSettings } from '../policy/change-settings.ts';
import type { AccessLevel } from '../policy/levels.ts';
import type { Log } from '../truenas/log.ts';
import type { TrueNasOptions } from '../truenas/options.ts';
import type { WriteAccess } from './write-sessions.ts';

/** What is configured of a NAS. */
export interface SystemConfig {
  /** What it is called where there are several: lower-case letters, digits and dashes. */
  readonly name: string;
  /** True for the simulated NAS of a demo. */
  readonly isDemo: boolean;
  readonly connection?: Omit<TrueNasOptions, 'log' | 'isReadOnly'> | undefined;
  /** At `read`, sessions give up their write rights where the NAS can. */
  readonly access: AccessLevel;
  /** Who signs in for changes; the defaults when absent. */
  readonly changes?: WriteSettings | undefined;
  /** Why there is no connection, each with what to set instead. */
  readonly problems: readonly string[];
  readonly simulator: SimulatorOptions;
  readonly timeoutMs: number;
}

/** A NAS that is opened when first asked for. */
export interface LazyNas {
  /** The same promise once it is there. @throws TrueNasError when the configuration does not allow a connection. */
  open(): Promise<OpenNas>;
  /** How it is written to. @throws as `open` */
  writing(): Promise<WriteAccess>;
  close(): Promise<void>;
}

/** The NAS of `config.connection`, or the embedded simulator for a demo. Nothing is loaded or connected before `open`. */
export function lazyNas(config: SystemConfig, log: Log, addSecret: (secret: string) => void): LazyNas {
  let opened: Promise<OpenedNas> | undefined;
  const start = async () => {
    if (!config.isDemo && config.connection === undefined) throw await notConfigured(config.problems);
    return config.isDemo ? openDemo(config, log, addSecret) : openConfigured(config, log);
  };
  const open = () => {
    if (opened === undefined) {
      opened = start();
      // A load that failed is tried again by the next call.
      opened.catch(() => {
        opened = undefined;
      });
    }
    return opened;
  };
  return {
    open,
    writing: async () => (await open()).writing,
    async close() {
      await (await opened?.catch(() => undefined))?.close();
    },
  };
}

/** An opened NAS, and how it is written to. */
interface OpenedNas extends OpenNas {
  readonly writing: WriteAccess;
  close(): Promise<void>;
}

async function openConfigured({ connection, access }: SystemConfig, log: Log): Promise<OpenedNas> {
  if (connection === undefined) throw new Error('a connection is needed here');
  const { openTrueNas } = await import('../truenas/index.ts');
  const nas = openTrueNas({ ...connection, isReadOnly: access === 'read', log });
  const { url, tls, timeoutMs } = connection;
  return {
    read: nas.read,
    events: nas.events,
    writing: { target: { url, tls, timeoutMs, log } },
    close: () => nas.close(),
  };
}

async function openDemo(
  config: SystemConfig,
  log: Log,
  addSecret: (secret: string) => void,
): Promise<OpenedNas> {
  const [{ startSimulator }, { openTrueNas }] = await Promise.all([
    import('truenas-simulator'),
    import('../truenas/index.ts'),
  ]);
  const { port: _port, host: _host, ...choice } = config.simulator;
  const simulator = await startSimulator(choice);
  addSecret(simulator.apiKey);
  const target = {
    url: simulator.url,
    tls: { fingerprintSha256: simulator.fingerprint },
    timeoutMs: config.timeoutMs,
    log,
  };
  const { apiKey, username, person } = simulator;
  const nas = openTrueNas({ ...target, apiKey, username, isReadOnly: config.access === 'read' });
  return {
    read: nas.read,
    events: nas.events,
    writing: { target, demoPerson: { kind: 'person', ...person } },
    close: async () => {
      await nas.close();
      await simulator.close();
    },
  };
}

async function notConfigured(problems: readonly string[]): Promise<Error> {
  const { TrueNasError } = await import('../truenas/errors.ts');
  return new TrueNasError('unreachable', {
    summary: 'This server is not connected to a TrueNAS, because its configuration is not right.',
    nextStep: `Tell the user to set this where the MCP server is configured, and to restart it: ${numbered(problems)}`,
  });
}

function numbered(problems: readonly string[]): string {
  return problems.length === 1
    ? problems.join('')
    : problems.map((problem, index) => `(${index + 1}) ${problem}`).join(' ');
}
