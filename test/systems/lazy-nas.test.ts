import { afterEach, expect, it } from 'vitest';
import { startSimulator } from 'truenas-simulator';
import { ACCESS_LEVELS } from '../../src/policy/levels.ts';
import { lazyNas } from '../../src/systems/lazy-nas.ts';
import { silentLog } from '../../src/truenas/index.ts';

const closers: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

it.each(ACCESS_LEVELS)(
  'at access %s a session gives its write rights up only if nothing is to be written',
  async (access) => {
    const simulator = await startSimulator({ release: '27.0', delayScale: 0.01 });
    closers.push(() => simulator.close());
    const nas = lazyNas(
      {
        name: 'nas',
        connection: {
          url: simulator.url,
          apiKey: simulator.apiKey,
          username: simulator.username,
          tls: { fingerprintSha256: simulator.fingerprint },
          timeoutMs: 5_000,
        },
        access,
        isDemo: false,
        problems: [],
        simulator: {},
        timeoutMs: 5_000,
      },
      silentLog,
      () => undefined,
    );
    closers.push(() => nas.close());
    await (await nas.open()).read.call('core.ping');
    const narrowed = simulator.calls().filter(({ method }) => method === 'privilege.become_readonly');
    expect(narrowed).toHaveLength(access === 'read' ? 1 : 0);
  },
);
