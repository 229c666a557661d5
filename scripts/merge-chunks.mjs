/**
 * Merges chunks that are loaded together into one file each. The bundler makes a chunk of every piece of code that the same
 * entries share, sixty small files in all; a start loads half of them, and each costs Node half a millisecond or more.
 */
import { createHash } from 'node:crypto';
import { posix } from 'node:path';
import * as esbuild from 'esbuild';

/** The folder of merged files, below the output folder. */
const FOLDER = 'chunks';

/** Stands for the name of a group's file, a digest of its text: files may import one another when they need to. */
const placeholderOf = (name) => `__FILE_OF_${name}__`;

/**
 * Merges chunks of a split build.
 * @param files path relative to the output folder → { text, exports, imports (paths of files loaded with it), entry (the
 *   source of an entry, undefined for a shared chunk), isPublic (an entry that a user names), isHelpers (a chunk of the
 *   bundler's own helpers, which each file gets for itself) }
 * @param groups { name, isLoadedBy, holds }, predicates over files: what the entries of `isLoadedBy` load and no group before
 *   has becomes one file. Entries that `holds` selects are in it themselves, under their own names: whoever imports one when
 *   it is needed imports the file.
 * @param options options of the build that concern single files, such as `target` and `sourcemap`
 * @returns path → text; source maps are files of their own
 */
export async function mergeChunks(files, groups, options) {
  /** Chunk → where it goes: { file, prefix } of the names of its exports there. */
  const merged = new Map();
  // An entry that a user names must stay small, and is the first to run: what it loads is not merged with what it loads later.
  const kept = loadedBy(
    files,
    pathsOf(files, ({ isPublic }) => isPublic),
  );
  const membersOf = new Map();
  for (const { name, isLoadedBy, holds } of groups) {
    const members = loadedBy(files, pathsOf(files, isLoadedBy)).filter((path) => {
      const isChunk = files.get(path).entry === undefined || holds(files.get(path));
      return isChunk && !kept.includes(path) && !merged.has(path);
    });
    membersOf.set(name, members);
    for (const [index, path] of members.entries()) {
      const prefix = files.get(path).entry === undefined ? `c${index}_` : '';
      merged.set(path, { file: `${FOLDER}/${placeholderOf(name)}`, prefix });
    }
  }
  const texts = new Map();
  const names = new Map();
  for (const [name, members] of membersOf) {
    const source = members.map((path) => reexport(files.get(path).exports, path, merged.get(path).prefix));
    const built = await bundle(files, merged, new Set(members), { source: source.join('\n'), ...options });
    const hash = createHash('sha256').update(built.text).digest('hex').slice(0, 8).toUpperCase();
    names.set(placeholderOf(name), `${name}-${hash}.js`);
    texts.set(`${FOLDER}/${name}-${hash}.js`, built);
  }
  for (const path of files.keys()) {
    if (!merged.has(path) && !files.get(path).isHelpers)
      texts.set(path, await bundle(files, merged, new Set([path]), { path, ...options }));
  }
  const result = new Map();
  for (const [path, { text, map }] of texts) {
    add(
      result,
      path,
      text.replaceAll(/__FILE_OF_\w+?__/g, (placeholder) => names.get(placeholder)),
      map,
    );
  }
  return result;
}

/** Paths of the files that a predicate selects. */
function pathsOf(files, isSelected) {
  return [...files].filter(([, file]) => isSelected(file)).map(([path]) => path);
}

/** Everything that is loaded with these files, before any of it runs. */
function loadedBy(files, paths) {
  const loaded = new Set();
  const queue = [...paths];
  for (let path = queue.pop(); path !== undefined; path = queue.pop()) {
    if (loaded.has(path)) continue;
    loaded.add(path);
    queue.push(...files.get(path).imports);
  }
  return [...loaded];
}

/** Exports of different chunks may have the same name; of entries in one file none may, which the bundler refuses. */
function reexport(names, path, prefix) {
  const list = names.map((name) => `${name} as ${prefix}${name}`).join();
  return names.length === 0 ? `import '/${path}';` : `export { ${list} } from '/${path}';`;
}

/** Bundles the files in `inside`; what they import from elsewhere stays an import, of the merged file where there is one. */
async function bundle(files, merged, inside, { source, path: entry, ...options }) {
  const folder = entry === undefined ? FOLDER : posix.dirname(entry);
  const relative = (path) => `./${posix.relative(folder, path)}`;
  const plugin = {
    name: 'merge-chunks',
    setup(build) {
      build.onResolve({ filter: /^(?:\.|\/)/ }, ({ path, importer, kind, namespace }) => {
        if (namespace === 'moved') return { path, external: true };
        const target = path.startsWith('/')
          ? path.slice(1)
          : posix.join(importer === '<stdin>' ? FOLDER : posix.dirname(importer), path);
        const isImportedLater = kind === 'dynamic-import';
        const { isHelpers } = files.get(target);
        if (isHelpers && isImportedLater) throw new Error(`${target} is no file of its own`);
        if ((inside.has(target) || isHelpers) && !isImportedLater)
          return { path: target, namespace: 'chunk' };
        if (!merged.has(target)) return { path: relative(target), external: true };
        if (isImportedLater) return { path: relative(merged.get(target).file), external: true };
        return { path: target, namespace: 'moved' };
      });
      build.onLoad({ filter: /./, namespace: 'chunk' }, ({ path }) => ({ contents: files.get(path).text }));
      build.onLoad({ filter: /./, namespace: 'moved' }, ({ path }) => {
        const { file, prefix } = merged.get(path);
        const list = files.get(path).exports.map((name) => `${prefix}${name} as ${name}`);
        return { contents: `export { ${list.join()} } from ${JSON.stringify(relative(file))};` };
      });
    },
  };
  const { outputFiles } = await esbuild.build({
    ...(source === undefined
      ? { entryPoints: [`/${entry}`] }
      : { stdin: { contents: source, sourcefile: '<stdin>' } }),
    outfile: 'out.js',
    ...options,
    bundle: true,
    write: false,
    plugins: [plugin],
  });
  const textOf = (suffix) => outputFiles.find(({ path }) => path.endsWith(suffix))?.text;
  return { text: textOf('.js'), map: textOf('.map') };
}

function add(result, path, text, map) {
  // The bundler does not know what its output will be called.
  result.set(
    path,
    map === undefined ? text : text.replace(/(sourceMappingURL=)\S+\s*$/, `$1${posix.basename(path)}.map\n`),
  );
  if (map !== undefined) result.set(`${path}.map`, map);
}
