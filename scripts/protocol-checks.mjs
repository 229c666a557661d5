/**
 * The protocol checks by tools nobody here wrote: the conformance suite, the Inspector, other Node releases, and the packer of MCP bundles.
 * Needs a built dist/. `--tools FOLDER` keeps the downloaded tools there (a temporary folder otherwise); `--json FILE` writes
 * the sums; `--only NAME` runs one group (conformance, server, inspector, nodes, packages).
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { conformance, scenarios } from './protocol/conformance.mjs';
import { inspector } from './protocol/inspector.mjs';
import { otherNodes } from './protocol/nodes.mjs';
import { bundle } from './protocol/packages.mjs';
import { startFixtureServer, startForwarder, startRealServer } from './protocol/servers.mjs';
import { installJudges } from './protocol/tools.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const { values: options } = parseArgs({
  options: { tools: { type: 'string' }, json: { type: 'string' }, only: { type: 'string' } },
});

const REVISIONS = ['2025-11-25', '2026-07-28'];
/** Scenarios that need no fixture, for the server that users run. */
const GENERIC = {
  '2025-11-25': ['server-initialize', 'ping', 'tools-list', 'dns-rebinding-protection'],
  '2026-07-28': [
    'server-stateless',
    'tools-list',
    'caching',
    'dns-rebinding-protection',
    'http-header-validation',
    'sep-2164-resource-not-found',
  ],
};

const work = mkdtempSync(join(tmpdir(), 'truenas-mcp-protocol-'));
const folder = options.tools ?? join(work, 'tools');
const expected = JSON.parse(readFileSync(join(root, 'test/conformance/expected-failures.json'), 'utf8'));

const groups = {
  conformance: (judges) =>
    against(startFixtureServer(root, work), (url) =>
      inTurn(REVISIONS, (revision) => {
        const target = `fixtures ${revision}`;
        return conformance({ judges, url, revision, folder: work, target, expected: expected[target] ?? {} });
      }),
    ),
  server: (judges) =>
    against(startRealServer(root), (url) =>
      inTurn(REVISIONS, (revision) => {
        const target = `real server ${revision}`;
        const names = GENERIC[revision];
        return scenarios({
          judges,
          url,
          names,
          revision,
          folder: work,
          target,
          expected: expected[target] ?? {},
        });
      }),
    ),
  inspector: (judges) => inspector({ judges, root }),
  nodes: (judges) => otherNodes({ root, folder, judges }),
  packages: (judges) => bundle({ root, work, judges }),
};

const outcomes = await runGroups();
rmSync(work, { recursive: true, force: true });
report(outcomes);

async function runGroups() {
  let judges;
  try {
    judges = installJudges(folder);
  } catch (error) {
    return Object.keys(groups).map((name) => ({ name, failed: String(error) }));
  }
  return inTurn(
    Object.entries(groups).filter(([name]) => options.only === undefined || options.only === name),
    ([name, group]) =>
      group(judges).catch((error) => [{ name, failed: `could not run: ${error.stack ?? error}` }]),
  );
}

/** Runs `judge` against a server through the forwarder, and stops both whatever happens. */
async function against(starting, judge) {
  const server = await starting;
  const forwarder = await startForwarder(server);
  try {
    return await judge(forwarder.url);
  } finally {
    forwarder.stop();
    await server.stop();
  }
}

async function inTurn(items, step) {
  const all = [];
  for (const item of items) all.push(...(await step(item)));
  return all;
}

function report(list) {
  const failed = list.filter((outcome) => outcome.failed !== undefined);
  const notOffered = list.filter((outcome) => outcome.expected !== undefined);
  const passed = list.length - failed.length - notOffered.length;
  const lines = list.map((outcome) => {
    if (outcome.failed !== undefined) return `FAIL      ${outcome.name}: ${outcome.failed}`;
    return outcome.expected === undefined
      ? `ok        ${outcome.name}`
      : `expected  ${outcome.name}: ${outcome.expected}`;
  });
  process.stdout.write(
    `${lines.join('\n')}\nprotocol checks: ${passed} passed, ${failed.length} failed, ${notOffered.length} expected failures\n`,
  );
  if (options.json !== undefined)
    writeFileSync(options.json, JSON.stringify({ passed, failed: failed.length }));
  process.exitCode = failed.length === 0 ? 0 : 1;
}
