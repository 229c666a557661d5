/** What the built server reads from disk until it has answered once; each 50 kB and each file cost a start milliseconds. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Simulator, startSimulator } from 'truenas-simulator';
import { ensureBuilt } from '../support/built.ts';
import { mcpLine } from '../support/mcp-line.ts';
import { serverEnv, startCli } from '../support/processes.ts';

/** Room to grow a little. With the tables of risks it was 150 kB more, with all of zod 80. */
const MOST_BYTES = 960_000;

let simulator: Simulator;
let folder: string;
beforeAll(async () => {
  await ensureBuilt();
  simulator = await startSimulator();
  folder = mkdtempSync(join(tmpdir(), 'truenas-mcp-loaded-'));
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await simulator.close();
});

it('a first answer reads few files, and little of what it does not need', async () => {
  const child = startCli(['serve'], {
    ...serverEnv({ ...simulator, caFile: '' }),
    // Node writes down every script that it loaded.
    NODE_V8_COVERAGE: folder,
  });
  const line = mcpLine(child);
  await line.initialize();
  const { result } = await line.request('tools/call', { name: 'list_pools', arguments: {} });
  child.process.stdin.end();
  await child.ended;
  expect(JSON.stringify(result)).toContain('tank');

  const files = [...new Set(readdirSync(folder).flatMap((name) => loadedIn(join(folder, name))))];
  expect(files.map((file) => basename(file).replace(/-[0-9A-Z]{8}\.js$/, '')).toSorted()).toEqual(
    ['call', 'chunk', 'chunk', 'chunk', 'cli.js', 'list-pools', 'start'].toSorted(),
  );
  expect(files.reduce((sum, file) => sum + statSync(file).size, 0)).toBeLessThan(MOST_BYTES);
});

/** The files of the build in one of Node's accounts. */
function loadedIn(path: string): string[] {
  const { result } = JSON.parse(readFileSync(path, 'utf8')) as { result: { url: string }[] };
  return result.flatMap(({ url }) => (url.includes('/dist/') ? [fileURLToPath(url)] : []));
}
