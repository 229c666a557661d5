/**
 * The declarations of `truenas-mcp-server/simulator`: what its index exports, and of every other file only what that needs.
 * A consumer has neither our sources nor our dependencies, so a declaration that still names a package fails the build.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative, resolve } from 'node:path';

/** Emits `types/simulator/**` below `outdir`. */
export function emitSimulatorTypes({ root, outdir, writeInPlace }) {
  const temporary = join(outdir, `types.${process.pid}.tmp`);
  try {
    runTsc(root, temporary);
    const files = neededDeclarations(temporary, join(temporary, 'index.d.ts'));
    rmSync(join(outdir, 'types'), { recursive: true, force: true });
    for (const [path, text] of files)
      writeInPlace(join(outdir, 'types', 'simulator', relative(temporary, path)), text, 0o644);
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

function runTsc(root, declarationDir) {
  const manifestPath = createRequire(import.meta.url).resolve('typescript/package.json');
  const tsc = join(dirname(manifestPath), JSON.parse(readFileSync(manifestPath, 'utf8')).bin.tsc);
  const args = [tsc, '-p', 'tsconfig.types.json', '--outDir', declarationDir];
  const { status, stdout } = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8' });
  if (status !== 0) throw new Error(`the simulator's types were not emitted:\n${stdout}`);
}

/** Path → text of the declarations that the entry's exports reach. */
function neededDeclarations(folder, entry) {
  const modules = new Map();
  const queue = [{ path: entry, name: '*' }];
  for (let need = queue.pop(); need !== undefined; need = queue.pop()) {
    const module = modules.get(need.path) ?? readModule(need.path);
    modules.set(need.path, module);
    const wanted =
      need.name === '*' ? module.statements : module.statements.filter(({ names }) => names.has(need.name));
    if (wanted.length === 0) throw new Error(`${relative(folder, need.path)} does not declare ${need.name}`);
    for (const statement of wanted) {
      if (module.kept.has(statement)) continue;
      module.kept.add(statement);
      for (const { specifier, name } of usesOf(statement, module)) {
        if (specifier === undefined) queue.push({ path: need.path, name });
        else if (specifier.startsWith('.')) queue.push({ path: targetOf(need.path, specifier), name });
        else if (!specifier.startsWith('node:')) {
          throw new Error(
            `${relative(folder, need.path)} needs the package ${specifier} for ${[...statement.names].join(', ')}: public types must be self-contained`,
          );
        }
      }
    }
  }
  return [...modules].map(([path, module]) => [path, textOf(module)]);
}

/** A keyword in the first column, with the comments before it; a comment inside a union type is not followed by one. */
const STATEMENT_START = /^(?:\/\*\*(?:(?!\*\/)[\s\S])*\*\/\n)*(?:import|export|declare|interface|type)\b/gm;

/** The top-level statements of a declaration file as tsc formats it: each begins in the first column, after its comment. */
function readModule(path) {
  if (!existsSync(path)) throw new Error(`no declaration was emitted at ${path}`);
  const source = readFileSync(path, 'utf8');
  const starts = [...source.matchAll(STATEMENT_START)].map(({ index }) => index);
  const texts = starts.map((start, index) => source.slice(start, starts[index + 1]));
  const statements = [];
  const imports = new Map();
  for (const text of texts) {
    const code = text.replace(/\/\*[\s\S]*?\*\//g, '').trim();
    const from = /^(?:import|export)\s+(?:type\s+)?\{([^}]*)\}\s+from\s+["']([^"']+)["']/.exec(code);
    const names = from === null ? [declaredName(code)] : bindings(from[1]).map(({ local }) => local);
    if (from !== null && code.startsWith('import')) {
      for (const { imported, local } of bindings(from[1]))
        imports.set(local, { specifier: from[2], name: imported });
    } else if (names[0] !== undefined) {
      statements.push({ text, code, names: new Set(names), from });
    }
  }
  return { statements, imports, kept: new Set() };
}

function bindings(list) {
  return list
    .split(',')
    .map((item) => /^\s*(?:type\s+)?([\w$]+)(?:\s+as\s+([\w$]+))?\s*$/.exec(item))
    .filter((match) => match !== null)
    .map(([, imported, local = imported]) => ({ imported, local }));
}

function declaredName(code) {
  return /^(?:export\s+)?(?:declare\s+)?(?:abstract\s+)?(?:const|let|function|class|interface|type|enum)\s+([\w$]+)/.exec(
    code,
  )?.[1];
}

/** Every name that a statement mentions and that its module declares or imports, and what it re-exports. */
function usesOf({ code, from, names }, { statements, imports }) {
  if (from !== null) return bindings(from[1]).map(({ imported }) => ({ specifier: from[2], name: imported }));
  const uses = [...code.matchAll(/import\(["']([^"']+)["']\)\.([\w$]+)/g)].map(([, specifier, name]) => ({
    specifier,
    name,
  }));
  const words = new Set(code.replace(/(["'])(?:\\.|(?!\1).)*\1/g, '').match(/[A-Za-z_$][\w$]*/g));
  for (const word of words) {
    const imported = imports.get(word);
    if (imported !== undefined) uses.push(imported);
    else if (!names.has(word) && statements.some((other) => other.names.has(word))) uses.push({ name: word });
  }
  return uses;
}

function targetOf(path, specifier) {
  return resolve(dirname(path), specifier).replace(/(?:\.d)?\.[jt]s$/, '.d.ts');
}

/** The kept statements, with the imports they need, naming files as they are called once published. */
function textOf(module) {
  const kept = module.statements.filter((statement) => module.kept.has(statement));
  const used = new Set(
    kept.filter(({ from }) => from === null).flatMap(({ code }) => code.match(/[A-Za-z_$][\w$]*/g) ?? []),
  );
  const imports = [...module.imports]
    .filter(([local]) => used.has(local))
    .map(
      ([local, { specifier, name }]) =>
        `import type { ${name === local ? name : `${name} as ${local}`} } from '${specifier}';`,
    );
  const text = [...imports, ...kept.map((statement) => statement.text.trim())].join('\n');
  return `${text.replace(/((?:from\s+|import\()["']\.[^"']+)\.ts(["'])/g, '$1.js$2')}\n`;
}
