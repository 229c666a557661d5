/** Opens the NAS that the configuration names, on first use and once. */
import type { SimulatorOptions } from 'truenas-simulator';
import type { ReadClient } from '../truenas/client.ts';
import type { EventSource } from '../truenas/events/event-source.ts';
import type { Log } from '../truenas/log.ts';
import type { TrueNasOptions } from '../truenas/options.ts';

/** What is configured of a NAS. */
export interface SystemConfig {
  /** True for the simulated NAS of a demo. */
  readonly isDemo: boolean;
  readonly connection?: Omit<TrueNasOptions, 'log'> | undefined;
  /** Why there is no connection, each with what to set instead. */
  readonly problems: readonly string[];
  readonly simulator: SimulatorOptions;
  readonly timeoutMs: number;
}

/** A NAS that is opened when first asked for. */
export interface LazyNas {
  /** @throws TrueNasError when the configuration does not allow a connection. */
  open(): Promise<ReadClient>;
  /** Where its events come from. @throws as `open` */
  events(): Promise<EventSource>;
  close(): Promise<void>;
}

/** The NAS of `config.connection`, or the embedded simulator for a demo. Nothing is loaded or connected before `open`. */
export function lazyNas(config: SystemConfig, log: Log, addSecret: (secret: string) => void): LazyNas {
  let opened: Promise<{ read: ReadClient; events: EventSource; close(): Promise<void> }> | undefined;
  let read: Promise<ReadClient> | undefined;
  const open = async () => {
    if (!config.isDemo && config.connection === undefined) throw await notConfigured(config.problems);
    opened ??= config.isDemo ? openDemo(config, log, addSecret) : openConfigured(config, log);
    return opened;
  };
  return {
    // Asked for with every call: once it is there, the same promise.
    open: () => (read ??= open().then((nas) => nas.read)),
    events: async () => (await open()).events,
    async close() {
      await (await opened)?.close();
    },
  };
}

async function openConfigured({ connection }: SystemConfig, log: Log) {
  if (connection === undefined) throw new Error('a connection is needed here');
  const { openTrueNas } = await import('../truenas/index.ts');
  return openTrueNas({ ...connection, log });
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
