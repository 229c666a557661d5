/** Asks the Inspector's command line to list and call tools over stdio, strictly, in both protocol eras. */
import { join } from 'node:path';
import { run } from './run.mjs';

const ERAS = ['legacy', 'modern'];

/** One outcome per era and question. */
export async function inspector({ judges, root }) {
  const server = [process.execPath, join(root, 'dist', 'cli.js'), 'serve', '--demo'];
  const outcomes = [];
  for (const era of ERAS) {
    const ask = (...args) =>
      run(judges.node, [
        judges.inspector,
        '--cli',
        ...server,
        '--protocol-era',
        era,
        '--format',
        'json',
        ...args,
      ]);
    outcomes.push(
      outcome(
        `Inspector ${era}: tools/list --strict`,
        await ask('--method', 'tools/list', '--strict'),
        (reply) =>
          reply.tools?.some((tool) => tool.name === 'system_overview')
            ? undefined
            : 'system_overview is not listed',
      ),
      outcome(
        `Inspector ${era}: tools/call system_overview`,
        await ask('--method', 'tools/call', '--tool-name', 'system_overview'),
        (reply) => (reply.structuredContent === undefined ? 'no structured content' : undefined),
      ),
      outcome(
        `Inspector ${era}: tools/call list_datasets with arguments`,
        await ask('--method', 'tools/call', '--tool-name', 'list_datasets', '--tool-arg', 'limit=3'),
        (reply) => (reply.isError === true ? `an error: ${reply.content?.[0]?.text}` : undefined),
      ),
    );
  }
  return outcomes;
}

function outcome(name, { status, stdout, output }, problemIn) {
  if (status !== 0) return { name, failed: `exit code ${status}: ${output.slice(-800)}` };
  try {
    const reply = JSON.parse(stdout);
    const problem = problemIn(reply.result ?? reply);
    return problem === undefined ? { name } : { name, failed: problem };
  } catch {
    return { name, failed: `not JSON: ${stdout.slice(0, 400)}` };
  }
}
