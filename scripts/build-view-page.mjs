/** Makes the one HTML file that draws every view of MCP Apps: script and style are inside, and it may load nothing else. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as esbuild from 'esbuild';

/** Builds it. @returns the file, and esbuild's account of what went in */
export async function buildViewPage(root) {
  const { outputFiles, metafile } = await esbuild.build({
    absWorkingDir: root,
    entryPoints: ['src/ui/page/main.tsx'],
    tsconfig: 'src/ui/page/tsconfig.json',
    bundle: true,
    write: false,
    metafile: true,
    minify: true,
    platform: 'browser',
    format: 'iife',
    target: 'es2022',
    legalComments: 'none',
    logLevel: 'warning',
    charset: 'utf8',
  });
  const [{ text }] = outputFiles;
  const script = text.trim();
  const { code } = await esbuild.transform(readFileSync(join(root, 'src/ui/page/page.css'), 'utf8'), {
    loader: 'css',
    minify: true,
    target: 'chrome123',
  });
  const style = code.trim();
  if (/<\/(?:script|style)/iu.test(script + style))
    throw new Error('the page would end within its own script');
  return { html: page(script, style), metafile };
}

/** A host's policy may be wider or none: the page brings its own, which lets it run itself and reach nothing. */
function page(script, style) {
  const policy = [
    "default-src 'none'",
    `script-src ${hash(script)}`,
    `style-src ${hash(style)}`,
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
  ].join('; ');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>TrueNAS</title>
<style>${style}</style>
</head>
<body>
<script>${script}</script>
</body>
</html>
`;
}

function hash(text) {
  return `'sha256-${createHash('sha256').update(text, 'utf8').digest('base64')}'`;
}
