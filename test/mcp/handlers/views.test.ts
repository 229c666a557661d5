/** Which clients are told of views, what reading one gives, and when it is loaded; by the built program. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { VIEW_NAMES } from '../../../src/tools/view-names.ts';
import { viewUri } from '../../../src/ui/views.ts';
import { ensureBuilt } from '../../support/built.ts';
import { ERAS, type Era, LEGACY } from '../../support/eras.ts';
import { type McpLine, mcpLine } from '../../support/mcp-line.ts';
import { bareEnv, startCli } from '../../support/processes.ts';
import { ALL_TOOLS, READ_TOOLS_BY_DEFAULT } from '../../support/registry.ts';

const DECLARED = {
  extensions: { 'io.modelcontextprotocol/ui': { mimeTypes: ['text/html;profile=mcp-app'] } },
};
const OTHER_KIND = { extensions: { 'io.modelcontextprotocol/ui': { mimeTypes: ['text/x-other'] } } };
const CAPABILITIES = 'io.modelcontextprotocol/clientCapabilities';

/** The revision as a client with these capabilities speaks it. */
function declaring({ hello, greeting, envelope }: Era, capabilities: Record<string, unknown>): Era {
  const meta = envelope['_meta'] as Record<string, unknown> | undefined;
  return {
    hello: { ...hello, params: meta === undefined ? { ...hello.params, capabilities } : hello.params },
    greeting,
    envelope: meta === undefined ? {} : { _meta: { ...meta, [CAPABILITIES]: capabilities } },
  };
}

/** Runs the program for what a client asks. */
async function asked<Said>(
  era: Era,
  ask: (line: McpLine) => Promise<Said>,
  env: Record<string, string> = {},
): Promise<Said> {
  const child = startCli(['--demo'], { ...bareEnv(), ...env });
  const line = mcpLine(child, era);
  await line.initialize();
  const said = await ask(line);
  child.process.stdin.end();
  await child.ended;
  return said;
}

type Listed = {
  readonly tools: readonly { readonly name: string; readonly _meta?: unknown }[];
  readonly resources: readonly { readonly uri: string; readonly mimeType: string }[];
  readonly cacheScope?: string;
};

const lists = async (line: McpLine): Promise<readonly [Listed, Listed]> => [
  (await line.request('tools/list')).result as Listed,
  (await line.request('resources/list')).result as Listed,
];

/** The only content of a page that was read. */
function pageOf(result: Record<string, unknown> | undefined): { readonly text: string } {
  const [content] = (result?.['contents'] ?? []) as { readonly text: string }[];
  if (content === undefined) throw new Error('nothing was read');
  return content;
}

beforeAll(() => ensureBuilt());

describe.each(ERAS)('in %s', (revision, era) => {
  it('a client that declares views is told the view of each tool, and the pages', async () => {
    const [{ tools, cacheScope }, { resources }] = await asked(declaring(era, DECLARED), lists);
    const told = tools.flatMap(({ name, _meta }) => (_meta === undefined ? [] : [[name, _meta]]));
    expect(told).toEqual(
      READ_TOOLS_BY_DEFAULT.flatMap(({ name, view }) =>
        view === undefined ? [] : [[name, { ui: { resourceUri: viewUri(view) } }]],
      ),
    );
    expect(told.length).toBeGreaterThan(0);
    const pages = resources.filter(({ uri }) => uri.startsWith('ui://'));
    expect(new Set(pages.map(({ mimeType }) => mimeType))).toEqual(new Set(['text/html;profile=mcp-app']));
    expect(pages.length).toBeGreaterThan(0);
    // A list that others may keep for everybody must be the one for everybody.
    expect(cacheScope).toBe(revision === '2026-07-28' ? 'private' : undefined);
  });

  it.each([
    ['nothing', {}],
    ['views of another kind', OTHER_KIND],
  ])('a client that declares %s gets the lists as they were', async (_name, capabilities) => {
    const [{ tools, cacheScope }, { resources }] = await asked(declaring(era, capabilities), lists);
    expect(tools.filter(({ _meta }) => _meta !== undefined)).toEqual([]);
    expect(resources.filter(({ uri }) => uri.startsWith('ui://'))).toEqual([]);
    expect(cacheScope).toBe(revision === '2026-07-28' ? 'public' : undefined);
  });

  it('any client reads the page of a view, which is told apart by its URI alone', async () => {
    const [one, other, none] = await asked(era, async (line) => [
      await line.request('resources/read', { uri: viewUri('overview') }),
      await line.request('resources/read', { uri: viewUri('pool-map') }),
      await line.request('resources/read', { uri: 'ui://truenas/nothing' }),
    ]);
    const content = pageOf(one?.result);
    expect(content).toMatchObject({
      mimeType: 'text/html;profile=mcp-app',
      _meta: { ui: { csp: {}, prefersBorder: true } },
    });
    expect(content.text).toContain('<html lang="en" data-view="overview">');
    expect(JSON.stringify(other).replace(/pool-map/gu, 'overview')).toContain(
      JSON.stringify(content.text).replace(/pool-map/gu, 'overview'),
    );
    expect(none?.error?.code).toBe(-32602);
  });
});

describe.each(ERAS)('what a view alone is told, in %s', (_revision, era) => {
  it('goes to clients that declare views, beside the same text and data', async () => {
    const call = async (line: McpLine) =>
      (await line.request('tools/call', { name: 'get_metrics', arguments: { metric: 'load', range: '1h' } }))
        .result;
    const shown = await asked(declaring(era, DECLARED), call);
    const plain = await asked(era, call);
    expect(plain?.['_meta'] ?? {}).not.toHaveProperty(['truenas-mcp-server/view']);
    const meta = shown?.['_meta'] as
      | Record<string, { curves: { name: string; means: unknown[] }[] }>
      | undefined;
    const curves = meta?.['truenas-mcp-server/view']?.curves ?? [];
    expect(curves.map(({ name }) => name)).toEqual(['over 1 min', 'over 5 min', 'over 15 min']);
    expect(curves.map(({ means }) => means.length)).toEqual([120, 120, 120]);
    expect(Object.keys(shown?.['structuredContent'] ?? {})).toEqual(
      Object.keys(plain?.['structuredContent'] ?? {}),
    );
  });
});

describe.each(ERAS)('a plan, in %s', (_revision, era) => {
  const PLAN = {
    name: 'plan_change',
    arguments: {
      tool: 'create_snapshot',
      arguments: { dataset: 'tank/media', name: 'drawn', recursive: false },
    },
  };
  const env = { TRUENAS_ACCESS: 'manage' };

  it('is drawn for clients that declare views, and is the same text and data for all', async () => {
    const call = async (line: McpLine) => (await line.request('tools/call', PLAN)).result;
    const shown = await asked(declaring(era, DECLARED), call, env);
    const plain = await asked(era, call, env);
    const same = (result: typeof shown) =>
      JSON.stringify([result?.['content'], Object.keys(result?.['structuredContent'] ?? {})])
        .replaceAll(/(PLAN |plan\\+":\\+")[a-z2-9]{10}/gu, '$1ID')
        .replaceAll(/creation \S+/gu, '');
    expect(same(shown)).toBe(same(plain));
    expect(plain?.['_meta'] ?? {}).not.toHaveProperty(['truenas-mcp-server/view']);
    const meta = shown?.['_meta'] as Record<string, unknown> | undefined;
    expect(meta?.['truenas-mcp-server/view']).toMatchObject({
      tool: 'create_snapshot',
      phase: 'open',
      risk: 'reversible',
      consent: 'none',
      touches: { shown: ['snapshot tank/media@drawn'], more: 0 },
      diff: { shown: [{ thing: 'snapshot tank/media@drawn', before: 'does not exist', after: 'exists' }] },
      hasUndo: true,
    });
  });

  it('is what the tools that plan and apply have a view for, and no change tool', async () => {
    const [{ tools }] = await asked(declaring(era, DECLARED), lists, env);
    const uri = viewUri('change-preview');
    const drawn = tools.filter(({ _meta }) => JSON.stringify(_meta ?? {}).includes(uri));
    expect(drawn.map(({ name }) => name).sort()).toEqual([
      'apply_change',
      'plan_change',
      'plan_changes',
      'undo_change',
    ]);
  });
});

describe('the page of the views', () => {
  it('stays small, holds its script and style, and names no address', async () => {
    const { result } = await asked(LEGACY, (line) =>
      line.request('resources/read', { uri: viewUri('overview') }),
    );
    const { text } = pageOf(result);
    expect(Buffer.byteLength(text)).toBeLessThan(120_000);
    const addresses = (text.match(/https?:\/\/[^\s"'`)]+/gu) ?? []).filter(
      (address) => !address.startsWith('http://www.w3.org/'),
    );
    expect(addresses).toEqual([]);
    expect(text).not.toMatch(/<script[^>]+src|<link|@import|url\(/u);
    expect(text).toContain("default-src 'none'");
  });

  it('is loaded when a client reads a view, and by nothing before', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'truenas-mcp-loaded-'));
    const loaded = () =>
      readdirSync(folder).flatMap((file) =>
        (JSON.parse(readFileSync(join(folder, file), 'utf8')) as { result: { url: string }[] }).result
          .map(({ url }) => /\/(view[\w-]*)-\w{8}\.js$/u.exec(url)?.[1])
          .filter((name) => name !== undefined),
      );
    try {
      const era = declaring(LEGACY, DECLARED);
      await asked(LEGACY, lists, { NODE_V8_COVERAGE: folder });
      expect(readdirSync(folder).length).toBeGreaterThan(0);
      expect(loaded()).toEqual([]);
      await asked(era, lists, { NODE_V8_COVERAGE: folder });
      expect(loaded()).toEqual(['views']);
      rmSync(folder, { recursive: true });
      await asked(era, (line) => line.request('resources/read', { uri: viewUri('overview') }), {
        NODE_V8_COVERAGE: folder,
      });
      expect(loaded().sort()).toEqual(['view-page', 'views']);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

it('every view is that of a tool, and a tool names only one that there is', () => {
  const named = ALL_TOOLS.flatMap((tool) => (tool.kind === 'change' ? [] : (tool.view ?? [])));
  expect([...new Set(named)].sort()).toEqual([...VIEW_NAMES].sort());
});
