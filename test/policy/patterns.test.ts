/** Patterns of `~` filters: which are sent, and what Python's engine, which the NAS runs them with, makes of those. */
import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { patternProblem } from '../../src/policy/patterns.ts';
import { FUZZ_TIMEOUT_MS, tryProperty } from '../support/fuzz.ts';

const SENT = [
  'tank/.*',
  '^a.*b$',
  '.*nas.*',
  'v[0-9]+\\.[0-9]+',
  '\\(a\\)\\*',
  '[A-Za-z_][\\w-]*',
  '[^/]+/media',
  '[a-z-9]-',
  '[*+?(|){}^$.]x',
  '\\d\\d\\d\\d-\\d\\d',
  'größe.*',
  '',
];

const REFUSED = [
  ...['(a+)+$', '(.*)*', '(?:a|aa)*b', 'a{2,}b{3,}c+d*', 'a{2}', `${'a'.repeat(201)}`],
  ...[
    '(?x)(.+) +!',
    '(?i)name',
    '(?P<x>a)',
    '(?=a)',
    '(a)\\1',
    'a|b',
    '(tank|fast)/media',
    'https?://',
    'a??',
  ],
  ...[
    '.*.*.*.*x',
    '.*.*.*x',
    '.*.*x',
    '.+?.+?x',
    '.*e.*e.*x',
    '^a.*b.*c.*$',
    '.{0,50}.{0,50}x',
    `${'.?'.repeat(20)}x`,
  ],
  ...['a**', 'a*+', 'a++', 'a*?', '*a', '^*', '$+', '+', 'a{', '{', '\\', 'a\\', '[', '[]', '[^]', '[a', ']'],
  ...['\\b', '\\A', '\\Z', '\\1', '\\x41', '\\u0041', '\\N{DIGIT ONE}', '\\n', '[\\b]', '[\\1]'],
  ...['[z-a]', '[\\d-z]', '[a-\\d]', '[[a]]', '[a--b]', '[a&&b]', '[a||b]', '[a~~b]'],
];

describe('a pattern of a generic call', () => {
  it.each(SENT)('%j is sent', (pattern) => {
    expect(patternProblem(pattern)).toBeUndefined();
  });

  it.each(REFUSED)('%j is refused', (pattern) => {
    expect(patternProblem(pattern)).toBeTypeOf('string');
  });
});

const hasPython = spawnSync('python3', ['-c', 'import re._parser']).status === 0;
if (!hasPython) process.stderr.write('SKIPPED (no python3 from 3.11 on): patterns as Python reads them\n');

/** Reads a list of patterns, and tells for each what it is made of, or why it does not compile. */
const READ = `
import json, re, sys, warnings
warnings.simplefilter('error')
from re import _parser
def made_of(parsed):
    for op, value in parsed:
        name = str(op)
        if name == 'MAX_REPEAT':
            low, high, inner = value
            name += f' {low}..{high}'
            parts = list(made_of(inner))
            yield ' '.join([name] + parts)
        elif name == 'AT':
            yield str(value)
        else:
            yield name
for line in sys.stdin:
    pattern = json.loads(line)
    try:
        re.compile(pattern)
        print(json.dumps(list(made_of(_parser.parse(pattern)))))
    except Exception as error:
        print(json.dumps([f'{type(error).__name__}: {error}']))
`;

function readByPython(patterns: readonly string[]): string[][] {
  const input = patterns.map((pattern) => `${JSON.stringify(pattern)}\n`).join('');
  const { stdout, stderr } = spawnSync('python3', ['-c', READ], { input, encoding: 'utf8' });
  expect(stderr).toBe('');
  return stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as string[]);
}

const ATOM = '(?:LITERAL|NOT_LITERAL|ANY|IN)';
const HARMLESS = new RegExp(`^(?:${ATOM}|AT_BEGINNING|AT_END|MAX_REPEAT [01]\\.\\.MAXREPEAT ${ATOM})$`, 'u');

function dangers(patterns: readonly string[]): string[] {
  return readByPython(patterns).flatMap((parts, index) => {
    const repetitions = parts.filter((part) => part.startsWith('MAX_REPEAT')).length;
    const strange = parts.filter((part) => !HARMLESS.test(part));
    return strange.length === 0 && repetitions <= 2
      ? []
      : [`${JSON.stringify(patterns[index])}: ${parts.join(', ')}`];
  });
}

describe.skipIf(!hasPython)('to Python, every pattern that is sent', () => {
  it('is made of single characters, classes, ends, and at most two repetitions of one of these', () => {
    expect(dangers(SENT)).toEqual([]);
  });

  it('whatever the text', { timeout: FUZZ_TIMEOUT_MS }, async () => {
    const sign = fc.constantFrom(...'ab-z09 ./\\[]()^$*+?|{}&~#\n\'"dDwWbAxZ1,:=!<>é'.split(''));
    const part = fc.constantFrom(
      '.*',
      '[a-z]',
      '[^/]+',
      '\\d',
      '\\.',
      '(?x)',
      '{2}',
      '[[',
      '--',
      '(?P<a>',
      'a|',
    );
    const pattern = fc.array(fc.oneof(sign, part), { maxLength: 8 }).map((parts) => parts.join(''));
    await tryProperty(
      fc.property(fc.array(pattern, { minLength: 200, maxLength: 200 }), (patterns) => {
        const sent = patterns.filter((text) => patternProblem(text) === undefined);
        expect(dangers(sent)).toEqual([]);
      }),
      5,
    );
  });

  it('is through with a page of prose made to hold it up', () => {
    const hard = ['.*a.*b', '[^x]+a.*x', 'a*ba*c', '.*\\w[a]+x', '.*x'];
    expect(hard.map((pattern) => patternProblem(pattern))).toEqual(hard.map(() => undefined));
    const script = `
import json, re, sys
page = 'a' * 4000
print([re.match(p, page) is None for p in json.load(sys.stdin)])`;
    const { stdout } = spawnSync('python3', ['-c', script], {
      input: JSON.stringify(hard),
      encoding: 'utf8',
    });
    expect(stdout.trim()).toBe('[True, True, True, True, True]');
  });
});
