/** Leaves code out of the bundle that is not needed; each plugin says why that is safe. */
import { dirname, join, resolve, sep } from 'node:path';
import { existsSync, readFileSync } from 'node:fs';

/** Our own modules only define things, so one that nothing imports from can go: a barrel does not drag the WebSocket along. */
export function pureSources(root) {
  const sources = [join(root, 'src') + sep, join(root, 'packages') + sep];
  return {
    name: 'pure-sources',
    setup(build) {
      build.onResolve({ filter: /^\.\.?\// }, ({ path, resolveDir, kind }) => {
        if (kind === 'entry-point') return undefined;
        const target = resolve(resolveDir, path);
        return sources.some((source) => target.startsWith(source)) && existsSync(target)
          ? { path: target, sideEffects: false }
          : undefined;
      });
    },
  };
}

/** Packages of others keep the names within a file short: it is a tenth of what they take in the published package. */
export const shortNames = {
  name: 'short-names',
  setup(build) {
    build.onLoad({ filter: /[\\/]node_modules[\\/].*\.m?js$/ }, async ({ path }) => {
      const source = readFileSync(path, 'utf8');
      const isModule = path.endsWith('.mjs') || /^(?:import|export)\b/m.test(source);
      const { code } = await build.esbuild.transform(source, {
        minify: true,
        platform: 'node',
        target: 'node20.19',
        legalComments: 'none',
        ...(isModule ? { format: 'esm' } : {}),
      });
      return { contents: code };
    });
  },
};

/**
 * The SDK's client can sign in to HTTP servers with keys of its own, for which it loads a library of 63 kB. Ours talks over stdio
 * to the server that it started itself.
 */
export const noClientKeys = {
  name: 'no-client-keys',
  setup(build) {
    build.onResolve({ filter: /^jose$/ }, () => ({ path: 'jose', namespace: 'left-out' }));
    build.onLoad({ filter: /.*/, namespace: 'left-out' }, ({ path }) => ({
      contents: `throw new Error('${path} is not part of this build');`,
    }));
  },
};

/** Zod carries the error texts of some fifty languages; the English ones are used. */
export const onlyEnglish = {
  name: 'only-english',
  setup(build) {
    build.onLoad({ filter: /[\\/]zod[\\/]v4[\\/]locales[\\/]index\.js$/ }, ({ path }) => ({
      contents: "export { default as en } from './en.js';",
      resolveDir: dirname(path),
    }));
  },
};

/**
 * Leaves out zod's search for values that contain themselves: two maps and more for each message that the SDK checks. What
 * was read from JSON cannot contain itself. It is 6 % of the processor time of a call (0.317 against 0.347 ms one by one,
 * 0.159 against 0.170 ms with 16 in flight), which the goal for calls per second needs. A setting of zod would be one for
 * the whole process, and the simulator runs in those of others.
 */
export const noCycles = {
  name: 'no-cycles',
  setup(build) {
    build.onLoad({ filter: /[\\/]zod[\\/]v4[\\/]classic[\\/]schemas\.js$/ }, ({ path }) => {
      const source = readFileSync(path, 'utf8');
      const contents = source.replace('core.config({ memoizer: core.memoizer() });', '{}');
      if (contents === source)
        throw new Error('zod sets its memoizer elsewhere now: see noCycles in scripts/build-plugins.mjs');
      return { contents };
    });
  },
};

/**
 * The SDK's default validator is AJV (215 kB of the start-up). Its server checks only answers to forms that a program asks for
 * by `elicitInput`; ours checks the answers to its forms itself, and goes without. Its client gets the one that the SDK ships
 * for runtimes without `new Function`, which is a fifth of the size.
 */
export const smallValidator = {
  name: 'small-validator',
  setup(build) {
    build.onResolve(
      { filter: /^@modelcontextprotocol\/(?:client|server)\/_shims$/ },
      ({ path, resolveDir }) => ({
        path,
        namespace: 'small-validator',
        pluginData: resolveDir,
      }),
    );
    build.onLoad({ filter: /.*/, namespace: 'small-validator' }, ({ path, pluginData }) => ({
      contents: [
        "export { default as process } from 'node:process';",
        path.includes('/server/')
          ? `export class DefaultJsonSchemaValidator {
               getValidator() { throw new Error('this build checks no answers to forms of the SDK'); }
             }`
          : `export { CfWorkerJsonSchemaValidator as DefaultJsonSchemaValidator } from '${dirname(path)}/validators/cf-worker';`,
        // As a client, the SDK asks whether it runs in a browser.
        'export const CORS_IS_POSSIBLE = false;',
      ].join('\n'),
      resolveDir: pluginData,
    }));
  },
};

/**
 * The SDK's main module holds its HTTP server besides what every server needs. What serves HTTP here gets a copy of that module
 * of its own: a start on stdio does without 27 kB. The classes that both use stand in other modules, which are there once.
 */
export const httpApart = {
  name: 'http-apart',
  setup(build) {
    build.onResolve({ filter: /^@modelcontextprotocol\/server$/ }, async ({ path, pluginData, ...from }) => {
      if (pluginData === httpApart || !/[\\/]src[\\/]mcp[\\/]http[\\/]/.test(from.importer)) return undefined;
      const { kind, importer, resolveDir } = from;
      const resolved = await build.resolve(path, { kind, importer, resolveDir, pluginData: httpApart });
      return { ...resolved, suffix: '?http' };
    });
  },
};
