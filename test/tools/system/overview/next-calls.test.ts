/** Each reason of the overview names a next call that can be made as it stands. */
import { describe, expect, it } from 'vitest';
import { inputProblems } from '../../../../src/output/problem.ts';
import { ALL_TOOLS } from '../../../support/registry.ts';
import { NOW_MS } from '../../../support/tools.ts';
import { overview } from '../../support/overview.ts';
import { pool } from '../../support/hand-made-nas.ts';

const DAY_MS = 86_400_000;
const alert = {
  uuid: 'a1',
  klass: 'HasUpdate',
  level: 'INFO',
  formatted: 'An update is available.',
  dismissed: false,
};

/** One trouble each, and the words that must be said of it. */
const TROUBLES: readonly (readonly [what: string, answers: Parameters<typeof overview>[0], words: RegExp])[] =
  [
    [
      'a crashed app',
      { 'app.query': [{ name: 'immich', state: 'CRASHED', upgrade_available: false }] },
      /app immich has crashed/,
    ],
    [
      'a certificate that expires in ten days and serves the web interface',
      {
        'certificate.query': [{ id: 1, name: 'web', until: new Date(NOW_MS + 10 * DAY_MS), expired: false }],
        'system.general.config': { ui_certificate: { id: 1, name: 'web' } },
      },
      /certificate web \(the web interface uses it\) expires in/,
    ],
    [
      'a degraded pool',
      { 'pool.query': [Object.assign({}, pool(), { status: 'DEGRADED', healthy: false })] },
      /DEGRADED/,
    ],
  ];

/** Calls after an arrow or "next:", as a model would repeat them. */
const CALL = /(?:next: |-> |→ )([a-z_]+)(?: (\{.*?\}))?(?=$|;|\)| \()/gmu;

describe('the overview', () => {
  it.each(TROUBLES)('tells of %s, and what to call next', async (_what, answers, words) => {
    const text = await overview(answers);
    expect(text).toMatch(words);
    const calls = [...text.matchAll(CALL)];
    expect(calls.length).toBeGreaterThan(0);
    const wrong = calls.flatMap(([, name = '', args = '{}']) => {
      const tool = ALL_TOOLS.find((each) => each.name === name);
      if (tool === undefined) return [`${name} is no tool`];
      const input = tool.input.safeParse(JSON.parse(args));
      return input.success ? [] : [inputProblems(input.error, tool)];
    });
    expect(wrong).toEqual([]);
  });

  it('tells of an available update, which is no reason to worry', async () => {
    expect(await overview({ 'alert.list': [alert] })).toMatch(/^OK.*\n.*an update is available/u);
  });
});
