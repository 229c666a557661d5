/**
 * `npm run soak -- [--minutes 10] [--seed N]`: random faults between an MCP client, the server and a simulated NAS. Each
 * round has a seed of its own, which is printed; a round that failed is run again by giving its seed.
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000_000) },
  },
});
if (!(Number(values.minutes) > 0) || !Number.isSafeInteger(Number(values.seed))) {
  process.stderr.write(
    '--minutes must be above 0, and --seed a whole number. Example: --minutes 10 --seed 7\n',
  );
  process.exit(2);
}
const root = fileURLToPath(new URL('..', import.meta.url));
const vitest = fileURLToPath(new URL('../node_modules/vitest/vitest.mjs', import.meta.url));
const { status } = spawnSync(process.execPath, [vitest, 'run', 'test/chaos/soak.test.ts'], {
  cwd: root,
  env: { ...process.env, SOAK_MINUTES: values.minutes, SOAK_SEED: values.seed },
  stdio: 'inherit',
});
process.exit(status ?? 1);
