import { countTokens } from 'gpt-tokenizer/encoding/o200k_base';
import { describe, expect, it } from 'vitest';
import { findResource, offeredResources } from '../../src/resources/address.ts';
import { ALL_RESOURCES } from '../../src/resources/index.ts';
import { ALL_TOOLS } from '../support/registry.ts';
import { ERAS, readText, served } from './support/served.ts';

const SKILLS = [
  'health-check',
  'failing-disk',
  'capacity-plan',
  'review-backups',
  'review-access',
  'before-upgrade',
  'leave-core',
  'maintenance-window',
  'new-share',
  'cluster-storage',
  'weekly-report',
];

/** The error that a promise ends in, as far as the protocol shows it. */
async function errorOf(promise: Promise<unknown>): Promise<{ code: number; message: string; data: unknown }> {
  try {
    await promise;
  } catch (error) {
    return error as { code: number; message: string; data: unknown };
  }
  throw new Error('expected a rejection');
}

describe.each(ERAS)('resources for a client of %s', (_era, mode) => {
  it('are listed without asking the NAS, always in the same order', async () => {
    const server = await served();
    const client = await server.connect(mode);
    const { resources } = await client.listResources();
    expect(resources.map(({ uri, mimeType }) => `${uri} ${mimeType}`)).toEqual([
      'truenas://overview text/plain',
      'truenas://alerts text/plain',
      'truenas://report text/plain',
      'truenas://docs/query-filters text/markdown',
      'truenas://docs/dataset-properties text/markdown',
      'truenas://docs/safety text/markdown',
      ...SKILLS.map((name) => `skill://truenas-${name}/SKILL.md text/markdown`),
    ]);
    const { resourceTemplates } = await client.listResourceTemplates();
    expect(resourceTemplates.map(({ uriTemplate }) => uriTemplate)).toEqual([
      'truenas://pool/{name}',
      'truenas://dataset/{+id}',
      'truenas://job/{id}',
    ]);
    expect((await client.listResources()).resources).toEqual(resources);
    expect(server.simulator.calls()).toEqual([]);
  });

  it('say what the tools say', async () => {
    const server = await served();
    const client = await server.connect(mode);
    const text = async (name: string, args: Record<string, unknown>) => {
      const result = await client.callTool({ name, arguments: args });
      return (result.content as { text: string }[])[0]?.text;
    };
    const { values } = (
      await client.complete({
        ref: { type: 'ref/resource', uri: 'truenas://job/{id}' },
        argument: { name: 'id', value: '' },
      })
    ).completion;
    const job = values[0] ?? '';
    expect(await readText(client, 'truenas://alerts')).toBe(await text('list_alerts', {}));
    expect(await readText(client, 'truenas://pool/tank')).toBe(await text('get_pool', { pool: 'tank' }));
    expect(await readText(client, 'truenas://dataset/tank')).toBe(
      await text('get_dataset', { dataset: 'tank' }),
    );
    expect(await readText(client, `truenas://job/${job}`)).toBe(await text('get_job', { id: Number(job) }));
    expect(await readText(client, 'truenas://overview')).toMatch(/^(?:CRITICAL|WARNING|OK|UNKNOWN): /);
  });

  it.each([
    'truenas://nothing',
    'truenas://pool/',
    'truenas://pool/tank/media',
    'truenas://pool/no-such-pool',
    'truenas://dataset/tank/no/such/dataset',
    'truenas://dataset/../../etc/passwd',
    'truenas://dataset/%E0%A4%A',
    'truenas://job/seven',
    'truenas://job/99999999',
    'truenas://job/1?x=1',
    'file:///etc/passwd',
    'https://example.com/',
    'ui://app',
    `truenas://dataset/${'x'.repeat(3000)}`,
  ])('%s is answered as not found', async (uri) => {
    const server = await served();
    const client = await server.connect(mode);
    const error = await errorOf(client.readResource({ uri }));
    expect(error.code).toBe(-32_602);
    expect(error.data).toEqual({ uri });
  });

  it('a mistyped pool is answered with the names that exist', async () => {
    const client = await (await served()).connect(mode);
    const error = await errorOf(client.readResource({ uri: 'truenas://pool/tnak' }));
    expect(error.message).toMatch(/names no pool: \\?"tnak\\?".*"tank"/);
  });

  it('a NAS that cannot be reached is an error that says what to do', async () => {
    const server = await served({ timeoutMs: 500 });
    const client = await server.connect(mode);
    await server.simulator.control.refuse();
    const error = await errorOf(client.readResource({ uri: 'truenas://alerts' }));
    expect(error.code).toBe(-32_603);
    expect(error.message).toMatch(/What to do: /);
    // The reference pages need no NAS.
    expect(await readText(client, 'truenas://docs/safety')).toContain('core.bulk');
  });
});

describe('a URI', () => {
  it('is found escaped, unescaped, and with a slash at its end', () => {
    const offered = offeredResources(new Set(ALL_TOOLS.map(({ name }) => name)), ['nas']);
    const idOf = (uri: string) => findResource(offered, uri)?.variables;
    for (const uri of [
      'truenas://dataset/tank/my%20films',
      'truenas://dataset/tank/my films',
      'truenas://dataset/tank%2Fmy%20films',
      'truenas://dataset/tank/my%20films/',
    ]) {
      expect(idOf(uri)).toEqual({ id: 'tank/my films' });
    }
    expect(idOf('truenas://overview/')).toEqual({});
    expect(idOf('truenas://Overview')).toBeUndefined();
  });

  it('names each resource once', () => {
    const names = ALL_RESOURCES.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(new Set(ALL_RESOURCES.map(({ uri }) => uri)).size).toBe(names.length);
  });
});

describe('what a resource gives away', () => {
  it('no secret that a NAS put into an alert', async () => {
    const server = await served();
    const client = await server.connect('legacy');
    const key = server.simulator.apiKey;
    server.simulator.control.next('alert.list', {
      kind: 'result',
      result: [alert(`key ${key} and https://joe:hunter2pass@nas.example/ were used`)],
    });
    const text = await readText(client, 'truenas://alerts');
    expect(text).toContain('were used');
    expect(text).not.toContain(key);
    expect(text).not.toContain('hunter2pass');
  });
});

describe('which resources are offered', () => {
  it('those of the tools that are offered, the reference pages, and skills that can be done with the tools', async () => {
    const tools = ALL_TOOLS.filter((tool) => tool.toolset === 'api' || tool.name === 'system_overview');
    const client = await (await served({ tools })).connect('legacy');
    expect((await client.listResources()).resources.map(({ uri }) => uri)).toEqual([
      'truenas://overview',
      'truenas://docs/query-filters',
      'truenas://docs/dataset-properties',
      'truenas://docs/safety',
      'skill://truenas-health-check/SKILL.md',
    ]);
    expect((await client.listResourceTemplates()).resourceTemplates).toEqual([]);
    expect((await errorOf(client.readResource({ uri: 'truenas://pool/tank' }))).code).toBe(-32_602);
  });

  it('the lists of resources, templates and prompts cost at most 1,500 tokens together', async () => {
    const client = await (await served()).connect('legacy');
    const lists = [
      (await client.listResources()).resources,
      (await client.listResourceTemplates()).resourceTemplates,
      (await client.listPrompts()).prompts,
    ];
    expect(countTokens(JSON.stringify(lists))).toBeLessThanOrEqual(1500);
  });
});

function alert(formatted: string) {
  const at = { $date: 1_700_000_000_000 };
  return {
    uuid: 'a1',
    source: '',
    klass: 'Test',
    args: null,
    node: 'Controller A',
    key: 'null',
    datetime: at,
    last_occurrence: at,
    dismissed: false,
    mail: null,
    text: formatted,
    id: 'a1',
    level: 'WARNING',
    formatted,
    one_shot: false,
  };
}

describe.each(['mixed', 'home', 'office', 'trouble', 'bare'] as const)('the weekly report of %s', (world) => {
  it('is one page: every part, and no more than 1,500 tokens', async () => {
    const client = await (await served({ simulator: { world } })).connect('legacy');
    const text = await readText(client, 'truenas://report');
    expect(text.match(/^## .+$/gm)).toEqual(['## Health', '## Space', '## Backups', '## Jobs that failed']);
    expect(text).not.toContain('NOT READ');
    expect(countTokens(text)).toBeLessThanOrEqual(1500);
  });
});

it('a weekly report of which a part cannot be read says so, and has the others', async () => {
  const server = await served({ simulator: { world: 'trouble' } });
  const client = await server.connect('legacy');
  server.simulator.control.next('core.get_jobs', { kind: 'error', code: -32_001, message: 'no' }, 20);
  const text = await readText(client, 'truenas://report');
  expect(text).toMatch(/## Jobs that failed\nNOT READ, so not judged: /);
  expect(text).toContain('archive');
});

it('the weekly report is offered only with every tool that it is made of', () => {
  const names = new Set(ALL_TOOLS.map(({ name }) => name));
  names.delete('backup_coverage');
  expect(offeredResources(names, ['nas']).map(({ uri }) => uri)).not.toContain('truenas://report');
});
