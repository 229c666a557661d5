/** Runs the built command's demo on the other Node releases that the package promises to run on. */
import { join } from 'node:path';
import { run } from './run.mjs';
import { installNode, NODES } from './tools.mjs';

/** One outcome per release. */
export async function otherNodes({ root, folder, judges }) {
  const outcomes = [await demoOn('Node 24', judges.node, root)];
  for (const version of NODES) {
    const name = `Node ${version}`;
    try {
      outcomes.push(await demoOn(name, installNode(folder, version), root));
    } catch (error) {
      outcomes.push({ name: `${name}: demo`, failed: String(error) });
    }
  }
  return outcomes;
}

/** The demo has to end well and without a word on stderr: a newer Node may warn of what the program uses. */
async function demoOn(name, node, root) {
  const { status, stderr, output } = await run(node, [join(root, 'dist', 'cli.js'), 'demo']);
  const label = `${name}: demo`;
  if (status !== 0) return { name: label, failed: `exit code ${status}: ${output.slice(-800)}` };
  return stderr === '' ? { name: label } : { name: label, failed: `stderr: ${stderr.slice(0, 800)}` };
}
