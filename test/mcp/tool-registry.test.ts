/** Tools are listed without their code, and each is loaded when it is first called. */
import { describe, expect, it } from 'vitest';
import { createToolRegistry } from '../../src/mcp/tool-registry.ts';
import type { Tool } from '../../src/tools/define.ts';
import { TOOLSETS } from '../../src/tools/index.ts';
import { ITEMS, TOOLSET_NAMES, type Toolset } from '../../src/tools/toolset.ts';
import { ALL_TOOLS } from '../support/registry.ts';

/** The same toolsets, which note what they load. */
function counted(load: (name: string, code: () => Promise<Tool>) => Promise<Tool>): Toolset[] {
  return TOOLSETS.map((toolset) => ({
    ...toolset,
    load: Object.fromEntries(
      Object.entries(toolset.load).map(([name, code]) => [name, () => load(name, code)]),
    ),
  }));
}

const EVERYTHING = { access: 'destroy', toolsets: TOOLSET_NAMES, allowsApiWrite: true } as const;

describe('the registry', () => {
  it('lists every tool that is not called by plan_change alone, and loads none of them', async () => {
    const loaded: string[] = [];
    const registry = createToolRegistry(
      counted((name, code) => {
        loaded.push(name);
        return code();
      }),
      EVERYTHING,
    );
    const unlisted = new Set(
      ALL_TOOLS.flatMap((tool) => (tool.kind === 'change' && tool.isUnlisted === true ? [tool.name] : [])),
    );
    const names = TOOLSETS.flatMap(({ load }) => Object.keys(load)).filter((name) => !unlisted.has(name));
    expect((await registry.definitions()).map(({ name }) => name)).toEqual(names);
    expect(loaded).toEqual([]);
  });

  it('neither lists nor finds call_api_write where TRUENAS_API_WRITE is not set, by plan_change either', async () => {
    const closed = createToolRegistry(TOOLSETS, { ...EVERYTHING, allowsApiWrite: false });
    expect((await closed.names()).has('call_api_write')).toBe(false);
    expect(await closed.findChange('call_api_write')).toBeUndefined();
    const open = createToolRegistry(TOOLSETS, EVERYTHING);
    expect((await open.findChange('call_api_write'))?.name).toBe('call_api_write');
  });

  it('loads a tool once, at its first call, and no other', async () => {
    const loaded: string[] = [];
    const registry = createToolRegistry(
      counted((name, code) => {
        loaded.push(name);
        return code();
      }),
      EVERYTHING,
    );
    const [first, second] = await Promise.all([registry.find('list_pools'), registry.find('list_pools')]);
    expect(first?.name).toBe('list_pools');
    expect(second).toBe(first);
    expect(loaded).toEqual(['list_pools']);
  });

  it('tries a load that failed again', async () => {
    let attempts = 0;
    const registry = createToolRegistry(
      counted((_name, code) => {
        attempts += 1;
        return attempts === 1 ? Promise.reject(new Error('no such file')) : code();
      }),
      EVERYTHING,
    );
    await expect(registry.find('list_pools')).rejects.toThrow('no such file');
    expect((await registry.find('list_pools'))?.name).toBe('list_pools');
  });

  it('finds no tool that is not offered, though its toolset has it', async () => {
    const registry = createToolRegistry(TOOLSETS, { access: 'read', toolsets: ['sharing'] });
    expect(await registry.find('list_pools')).toBeUndefined();
    expect((await registry.find('system_overview'))?.name).toBe('system_overview');
  });
});

describe('a tool over kinds', () => {
  const registry = createToolRegistry(TOOLSETS, { access: 'read', toolsets: ['accounts'] });
  const kindsOf = (entry: { inputSchema: object }) =>
    (entry.inputSchema as { properties: { kind: { enum: string[] } } }).properties.kind.enum;

  it('is listed with the kinds of the toolsets alone', async () => {
    const entries = await registry.definitions();
    const [kinds = []] = entries.filter(({ name }) => name === 'list_items').map(kindsOf);
    expect(kinds).toContain('user');
    expect(kinds).not.toContain('certificate');
  });

  it('refuses the kinds of other toolsets', async () => {
    const tool = await registry.find('list_items');
    expect(tool?.input.safeParse({ kind: 'user' }).success).toBe(true);
    expect(tool?.input.safeParse({ kind: 'certificate' }).success).toBe(false);
  });

  it('is not listed where no toolset has a kind', async () => {
    const other = createToolRegistry(TOOLSETS, { access: 'read', toolsets: ['changes'] });
    expect(await other.find('list_items')).toBeUndefined();
  });
});

describe('the toolsets', () => {
  it.each(TOOLSETS.map((toolset) => [toolset.name, toolset] as const))(
    '%s lists each of its tools under the name and the toolset that the tool gives itself',
    async (name, { load, title, about }) => {
      const tools = await Promise.all(
        Object.entries(load).map(async ([key, code]) => [key, await code()] as const),
      );
      expect(tools.map(([, tool]) => `${tool.toolset} ${tool.name}`)).toEqual(
        tools.map(([key]) => `${name} ${key}`),
      );
      expect([title, about].filter((text) => text.trim() === '' || text.includes('\n'))).toEqual([]);
    },
  );

  it('have the names that TRUENAS_TOOLSETS takes, in the same order', () => {
    expect(TOOLSETS.map(({ name }) => name)).toEqual([...TOOLSET_NAMES, ITEMS]);
  });
});
