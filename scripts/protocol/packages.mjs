/** Has the MCP bundle judged by the tool of those who defined it. */
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './run.mjs';

/** Two outcomes: that it is unpacked, and that its manifest is right. */
export async function bundle({ root, work, judges }) {
  const outdir = join(work, 'packages');
  mkdirSync(outdir, { recursive: true });
  const built = await run(process.execPath, [
    join(root, 'scripts', 'packages.mjs'),
    ...['--outdir', outdir, '--without', 'standalone'],
  ]);
  const name = 'MCP bundle';
  if (built.status !== 0) return [{ name, failed: `was not built: ${built.output.slice(-800)}` }];
  const file = readdirSync(outdir).find((each) => each.endsWith('.mcpb')) ?? '';
  const unpacked = join(work, 'bundle');
  const packer = async (label, command, ...paths) => {
    const { status, output } = await run(judges.node, [judges.mcpb, command, ...paths]);
    return status === 0 ? { name: label } : { name: label, failed: output.slice(-800) };
  };
  return [
    await packer(`${name}: unpacked by mcpb`, 'unpack', join(outdir, file), unpacked),
    await packer(`${name}: manifest, judged by mcpb`, 'validate', join(unpacked, 'manifest.json')),
  ];
}
