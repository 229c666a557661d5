/** Sets the contestants up, runs every measurement, and cleans up. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import * as esbuild from 'esbuild';
import { busy } from './busy.ts';
import { calls } from './calls.ts';
import { changes } from './changes.ts';
import { cold } from './cold.ts';
import type { Bench, Measurement, SimulatedNas } from './measurement.ts';
import { memory } from './memory.ts';
import { profile } from './profile.ts';
import { type Report, report, type Section } from './report.ts';
import { startup } from './startup.ts';
import { upstream } from './upstream.ts';

export { asMarkdown, asText } from './report.ts';

/** Every measurement, by the name that `--only` takes. */
export const MEASUREMENTS: Readonly<Record<string, Measurement>> = {
  startup,
  cold,
  memory,
  calls,
  busy,
  changes,
  upstream,
  profile,
};

/** How to run. */
export interface RunOptions {
  /** The checkout, with a built dist/. */
  readonly root: string;
  readonly rounds: number;
  /** Names of measurements; all when empty. */
  readonly only: readonly string[];
  /** Told what is being done. */
  readonly progress: (line: string) => void;
}

/** Runs the measurements one after the other. */
export async function runBench({ root, rounds, only, progress }: RunOptions): Promise<Report> {
  const folder = mkdtempSync(join(tmpdir(), 'truenas-mcp-bench-'));
  const cli = join(root, 'dist', 'cli.js');
  const simulator = await startSimulatedNas(await bundle(root, folder, 'simulated-nas'));
  try {
    const bench: Bench = {
      root,
      cli,
      bareServer: await bundle(root, folder, 'baseline/bare-server'),
      rawCallServer: await bundle(root, folder, 'baseline/raw-call-server'),
      nas: simulator.nas,
      rounds,
    };
    const sections: Section[] = [];
    for (const [name, measurement] of Object.entries(MEASUREMENTS)) {
      if (only.length > 0 && !only.includes(name)) continue;
      progress(`measuring ${name} …`);
      const { title, method } = measurement;
      sections.push({ title, method, rows: await measurement.measure(bench) });
    }
    return report(sections);
  } finally {
    await simulator.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Bundled with the settings of the product's own build. */
async function bundle(root: string, folder: string, name: string): Promise<string> {
  const outfile = join(folder, `${basename(name)}.mjs`);
  await esbuild.build({
    absWorkingDir: root,
    entryPoints: [`bench/${name}.ts`],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    minifySyntax: true,
    minifyWhitespace: true,
    external: ['bufferutil', 'utf-8-validate'],
    banner: { js: "import{createRequire as c}from'node:module';const require=c(import.meta.url);" },
    logLevel: 'warning',
  });
  return outfile;
}

async function startSimulatedNas(script: string): Promise<{ nas: SimulatedNas; stop(): Promise<void> }> {
  const child = spawn(process.execPath, [script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise<void>((resolve) => {
    child.once('close', () => resolve());
  });
  const line = await new Promise<string>((resolve, reject) => {
    let text = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
      if (text.includes('\n')) resolve(text.split('\n')[0] ?? '');
    });
    child.once('exit', (code) => reject(new Error(`the simulator ended with ${code}`)));
  });
  return {
    nas: JSON.parse(line) as SimulatedNas,
    stop: () => {
      child.kill();
      return ended;
    },
  };
}
