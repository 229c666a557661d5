/** One configured NAS, opened on first use and once. */
import type { SimulatorOptions } from 'truenas-simulator';
import type { OpenNas } from '../access/reader.ts';
import type { AccessLevel } from '../policy/levels.ts';
import type { Log } from '../truenas/log.ts';
import type { TrueNasOptions } from '../truenas/options.ts';

/** What is configured of a NAS. */
export interface SystemConfig {
  /** What it is called where there are several: lower-case letters, digits and dashes. */
  readonly name: string;
  /** True for the simulated NAS of a demo. */
  readonly isDemo: boolean;
  readonly connection?: Omit<TrueNasOptions, 'log' | 'isReadOnly'> | undefined;
  /** At `read`, sessions give up their write rights where the NAS can. */
  readonly access: AccessLevel;
  /** Why there is no connection, each with what to set instead. */
  readonly problems: readonly string[];
  readonly simulator: SimulatorOptions;
  readonly timeoutMs: number;
}

/** A NAS that is opened when first asked for. */
export interface LazyNas {
  /** The same promise once it is there. @throws TrueNasError when the configuration does not allow a connection. */
  open(): Promise<OpenNas>;
  close(): Promise<void>;
}

/** The NAS of `config.connection`, or the embedded simulator for a demo. Nothing is loaded or connected before `open`. */
export function lazyNas(config: SystemConfig, log: Log, addSecret: (secret: string) => void): LazyNas {
  let opened: Promise<OpenNas & { close(): Promise<void> }> | undefined;
  const start = async () => {
    if (!config.isDemo && config.connection === undefined) throw await notConfigured(config.problems);
    return config.isDemo ? openDemo(config, log, addSecret) : openConfigured(config, log);
  };
  return {
    open() {
      if (opened === undefined) {
        opened = start();
        // A load that failed is tried again by the next call.
        opened.catch(() => {
          opened = undefined;
        });
      }
      return opened;
    },
    async close() {
      await (await opened?.catch(() => undefined))?.close();
    },
  };
}

async function openConfigured({ connection, access }: SystemConfig, log: Log) {
  if (connection === undefined) throw new Error('a connection is needed here');
  const { openTrueNas } = await import('../truenas/index.ts');
  return openTrueNas({ ...connection, isReadOnly: access === 'read', log });
}

async function openDemo(config: SystemConfig, log: Log, addSecret: (secret: string) => void) {
  const [{ startSimulator }, { openTrueNas }] = await Promise.all([
    import('truenas-simulator'),
    import('../truenas/index.ts'),
  ]);
  const { port: _port, host: _host, ...choice } = config.simulator;
  const simulator = await startSimulator(choice);
  addSecret(simulator.apiKey);
  const nas = openTrueNas({
    url: simulator.url,
    apiKey: simulator.apiKey,
    username: simulator.username,
    tls: { fingerprintSha256: simulator.fingerprint },
    timeoutMs: config.timeoutMs,
    isReadOnly: config.access === 'read',
    log,
  });
  return {
    read: nas.read,
    events: nas.events,
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
