/** What every build of the program has in common: the one of the package, and the one of the standalone binary. */
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import {
  httpApart,
  noClientKeys,
  noCycles,
  onlyEnglish,
  pureSources,
  shortNames,
  smallValidator,
} from './build-plugins.mjs';
import { loadTypeScript } from './load.mjs';

/** ws asks for two of these at run time, setup for the third, and both do without them; installing them is the user's choice. */
export const EXTERNAL = ['bufferutil', 'utf-8-validate', '@napi-rs/keyring', '@resvg/resvg-js'];

/** Its main file loads its parts in a way that a bundler cannot see; the YAML parser's ES modules are smaller than its main file. */
export const ALIASES = {
  'jsonc-parser': 'jsonc-parser/lib/esm/main.js',
  yaml: join(
    dirname(createRequire(import.meta.url).resolve('yaml/package.json')),
    'browser',
    'dist',
    'index.js',
  ),
};

/** The form of every file. */
export const FORM = {
  platform: 'node',
  target: 'node20.19',
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: 'none',
  logLevel: 'warning',
};

export const pluginsOf = (root) => [
  pureSources(root),
  onlyEnglish,
  noCycles,
  smallValidator,
  noClientKeys,
  shortNames,
  httpApart,
];

/** Values that the code takes from the build. `tools/list` is written down, so that no start converts schemas; see src/mcp/tool-definitions.ts. */
export async function definitions(manifest, { isStandalone = false, viewPage }) {
  const { derivedDefinitions } = await loadTypeScript('src/mcp/derived-definitions.ts');
  return {
    TRUENAS_MCP_VERSION: JSON.stringify(manifest.version),
    TRUENAS_MCP_IS_PUBLISHED: JSON.stringify(manifest.private !== true),
    TRUENAS_MCP_IS_STANDALONE: JSON.stringify(isStandalone),
    TOOL_DEFINITIONS: JSON.stringify(JSON.stringify(await derivedDefinitions())),
    // Its own chunk: src/ui/view-page.ts is loaded when a client reads a view.
    VIEW_PAGE: JSON.stringify(viewPage),
    'process.env.WS_NO_BUFFER_UTIL': '"1"',
    'process.env.WS_NO_UTF_8_VALIDATE': '"1"',
  };
}
