/** On a release that is only read, an answer names the page of its web interface, and no tool that would change something. */
import { describe, expect, it } from 'vitest';
import { FINDING_KINDS } from '../../../src/findings/catalogue.ts';
import { AREA_BY_TOOL, inOlderWords } from '../../../src/policy/older-places.ts';
import { ALL_TOOLS } from '../../support/registry.ts';
import { useTools } from '../../support/tools.ts';

const CHANGE_TOOLS = ALL_TOOLS.filter(({ kind, toolset }) => kind === 'change' && toolset !== 'api').map(
  ({ name }) => name,
);
const NAMED = new RegExp(
  String.raw`\b(?:${CHANGE_TOOLS.join('|')}|plan_change|apply_change|call_api_write)\b`,
  'u',
);

const ASKED: readonly (readonly [tool: string, args: Readonly<Record<string, unknown>>])[] = [
  ['access_review', {}],
  ['backup_coverage', {}],
  ['capacity_forecast', {}],
  ['exposure_report', {}],
  ['recent_changes', {}],
  ['schedule_calendar', {}],
  ['space_report', { pool: 'tank' }],
  ['upgrade_check', {}],
  ['who_can_access', { share: 'media', user: 'alice' }],
  ['why_rebooted', {}],
  ...['alert', 'network'].map((subject) => ['diagnose_problem', { subject }] as const),
  ...[
    ['pool', 'backup'],
    ['pool', 'tank'],
    ['share', 'media'],
    ['replication', 'projects to offsite'],
    ['app', 'immich'],
    ['certificate', 'nas_example_org'],
  ].map(([subject, name]) => ['diagnose_problem', { subject, name }] as const),
];

it('each change tool that a finding names has a page on each older product', () => {
  const said = FINDING_KINDS.flatMap(({ repairedBy, seeAlso }) => [repairedBy, seeAlso]).join(' ');
  const named = CHANGE_TOOLS.filter((name) => new RegExp(String.raw`\b${name}\b`, 'u').test(said));
  expect(named.length).toBeGreaterThan(8);
  expect(named.filter((name) => !(name in AREA_BY_TOOL))).toEqual([]);
  expect(Object.keys(AREA_BY_TOOL).filter((name) => !CHANGE_TOOLS.includes(name))).toEqual([]);
  expect(inOlderWords('Data Protection; then run_task {"kind":"rsync","task":1} (soon)', 'CORE')).toBe(
    'Tasks; then web interface: Tasks (soon)',
  );
  expect(inOlderWords('update_share with options.access, set_permissions', 'SCALE')).toBe(
    'web interface: Shares, web interface: Datasets > Permissions',
  );
});

describe.each(['24.10', 'core-13.3'] as const)('on %s', (release) => {
  const bench = useTools({ release });

  it('no answer names a tool that changes', async () => {
    const named: string[] = [];
    for (const [tool, args] of ASKED) {
      const { text, data } = await bench.answer(tool, args);
      const found = NAMED.exec(text) ?? NAMED.exec(JSON.stringify(data));
      if (found !== null) named.push(`${tool} ${JSON.stringify(args)}: ${found[0]}`);
    }
    expect(named).toEqual([]);
  });

  it('access is reviewed by what the release has, and its facts are told once', async () => {
    expect(await bench.ask('access_review')).toMatchSnapshot();
  });
});

describe('a pool that the NAS knows and has not imported', () => {
  const bench = useTools({ release: 'core-13.3' });

  it('is not called a mistyped one', async () => {
    expect(await bench.ask('space_report', { pool: 'vault' })).not.toContain('did you mean "vault"');
    expect(await bench.ask('capacity_forecast', { pool: 'vault' })).not.toContain('did you mean "vault"');
  });
});

describe('a bond of CORE, whose address its members show too', () => {
  const bench = useTools({ release: 'core-13.3' });

  it('is not two interfaces in one network, and listens at one address', async () => {
    const network = await bench.ask('diagnose_problem', { subject: 'network' });
    expect(network).toContain('lagg0 (LINK_AGGREGATION): link up, 10000Mb/s Twisted Pair, 192.0.2.10/24');
    expect(network).not.toContain('network.duplicate');
    const share = await bench.ask('diagnose_problem', { subject: 'share', name: 'media' });
    expect(share).toContain('the NAS listens at: 192.0.2.10, 198.51.100.10\n');
  });
});
