import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Simulator, startSimulator } from 'truenas-simulator';
import { ensureBuilt } from '../support/built.ts';
import { mcpLine } from '../support/mcp-line.ts';
import { serverEnv, startCli } from '../support/processes.ts';

let simulator: Simulator;
beforeAll(async () => {
  await ensureBuilt();
  simulator = await startSimulator();
});
afterAll(() => simulator.close());

it('the built server knows by the method which unsuspicious names hold secrets', async () => {
  const app = { name: 'photos', config: { greeting: 'marker-4711' } };
  simulator.control.next('app.query', { kind: 'result', result: [app] });
  const child = startCli(['serve'], serverEnv({ ...simulator, caFile: '' }));
  const line = mcpLine(child);
  await line.initialize();
  const answer = await line.request('tools/call', {
    name: 'call_api_read',
    arguments: { method: 'app.query' },
  });
  child.process.stdin.end();
  await child.ended;
  expect(JSON.stringify(answer)).toContain('photos');
  expect(JSON.stringify(answer)).not.toContain('marker-4711');
});
