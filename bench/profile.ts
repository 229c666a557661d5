/** The server's processor time by layer, from its own profile while it answers calls. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { SourceMap, type SourceMapPayload } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Measurement, nasEnvironment, type Row } from './measurement.ts';
import { startServer } from './process.ts';
import { summarise } from './statistics.ts';

const TOOL = { name: 'list_pools', arguments: {} };
const CALLS = 8000;
const IN_FLIGHT = 16;
const ROUNDS = 3;

/** Groups of frames, by the source that a frame is from; the first that fits. Native frames stand in parentheses. */
const GROUPS: readonly (readonly [name: string, source: RegExp])[] = [
  ['garbage collection', /^\(garbage collector\)/],
  [
    'sockets and pipes',
    /^\((?:writev|writeUtf8String|writeLatin1String)\)|^node:(?:net|internal\/stream)|\/ws\//,
  ],
  ['MCP SDK and zod', /modelcontextprotocol|\/zod\//],
  ['the wire client (`src/truenas`), JSON of the NAS', /src\/truenas\//],
  ['redaction, texts, tables (`src/output`)', /src\/output\//],
  ['what may be called (`src/policy`)', /src\/policy\//],
  ['the tool (`src/tools`)', /src\/tools\//],
  ['around the call (`src/mcp`, `src/cli`), JSON of the answer', /src\/(?:mcp|cli)\/|shared\/stdio/],
  ['promises, timers and the rest of Node', /./],
];

export const profile: Measurement = {
  title: 'Where the time goes',
  method: [
    `Self time in the server's own profile over ${CALLS.toLocaleString('en')} calls of \`${TOOL.name}\`, ${IN_FLIGHT} in flight, per call;`,
    `medians of ${ROUNDS} runs. Idle time is left out. Profiling itself costs about a tenth.`,
  ].join(' '),
  async measure({ root, nas }) {
    const folder = mkdtempSync(join(tmpdir(), 'truenas-mcp-profile-'));
    try {
      const build = [
        join(root, 'scripts/build.mjs'),
        '--no-types',
        '--sourcemap',
        '--outdir',
        join(folder, 'dist'),
      ];
      execFileSync(process.execPath, build, { cwd: root });
      const samples = new Map<string, number[]>();
      for (let round = 0; round < ROUNDS; round += 1) {
        const used = await profiled(
          join(folder, 'dist/cli.js'),
          join(folder, `${round}`),
          nasEnvironment(nas),
        );
        for (const [name] of GROUPS) samples.set(name, [...(samples.get(name) ?? []), used.get(name) ?? 0]);
      }
      const rows = [...samples].map(([name, each]): Row => ({ name, unit: 'µs', ours: summarise(each) }));
      return rows.toSorted((a, b) => b.ours.median - a.ours.median);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

/** Microseconds of each group per call. */
async function profiled(
  cli: string,
  folder: string,
  env: Readonly<Record<string, string>>,
): Promise<ReadonlyMap<string, number>> {
  const options = ['--cpu-prof', `--cpu-prof-dir=${folder}`, '--cpu-prof-interval=200'];
  const { server } = await startServer([...options, cli, 'serve'], env);
  let left = CALLS;
  const worker = async () => {
    while (left > 0) {
      left -= 1;
      await server.request('tools/call', TOOL);
    }
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, worker));
  await server.stop();
  const [file = ''] = readdirSync(folder);
  return byGroup(JSON.parse(readFileSync(join(folder, file), 'utf8')) as Profile);
}

/** The file that `--cpu-prof` writes. */
interface Profile {
  readonly nodes: readonly { readonly id: number; readonly callFrame: Frame }[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

interface Frame {
  readonly functionName: string;
  readonly url: string;
  readonly lineNumber: number;
  readonly columnNumber: number;
}

function byGroup({ nodes, samples, timeDeltas }: Profile): Map<string, number> {
  const maps = new Map<string, SourceMap>();
  const groups = new Map(nodes.map(({ id, callFrame }) => [id, groupOf(sourceOf(callFrame, maps))]));
  const used = new Map<string, number>();
  for (const [index, id] of samples.entries()) {
    const group = groups.get(id);
    if (group !== undefined) used.set(group, (used.get(group) ?? 0) + (timeDeltas[index] ?? 0) / CALLS);
  }
  return used;
}

function groupOf(source: string): string | undefined {
  if (source === '(idle)') return undefined;
  return GROUPS.find(([, pattern]) => pattern.test(source))?.[0];
}

/** The file that a frame was written in, for what was bundled; the name of a native one. */
function sourceOf(
  { functionName, url, lineNumber, columnNumber }: Frame,
  maps: Map<string, SourceMap>,
): string {
  if (url === '') return functionName.startsWith('(') ? functionName : `(${functionName})`;
  if (!url.startsWith('file:')) return url;
  let map = maps.get(url);
  if (map === undefined) {
    map = new SourceMap(JSON.parse(readFileSync(`${fileURLToPath(url)}.map`, 'utf8')) as SourceMapPayload);
    maps.set(url, map);
  }
  const entry = map.findEntry(lineNumber, columnNumber);
  return 'originalSource' in entry ? entry.originalSource : url;
}
