import { describe, expect, test } from 'vitest';
import { askTool, refusing, runTool, toolNamed, useTools } from '../../support/tools.ts';
import { type Answers, ask } from '../support/hand-made-nas.ts';

describe.each(['25.04', '25.10', '27.0'] as const)('on %s', (release) => {
  const bench = useTools({ release });

  test('certificates come with what uses them, the one that expires next first', async () => {
    expect(await bench.ask('list_items', { kind: 'certificate' })).toBe(
      [
        '2 certificates',
        '(whether an app uses one is not known: apps say so in their secret configuration, which is never read)',
        'name             common           alt_names        expires     days_left  used_by',
        'nas_example_org  nas.example.org  nas.example.org  2026-03-22  21         FTP',
        `truenas_default  localhost        localhost        2026-06-06  97         ${release === '27.0' ? 'web interface, S3' : 'web interface'}`,
      ].join('\n'),
    );
  });
});

describe.each(['25.04', '25.10'] as const)('for a key that only reads, on %s', (release) => {
  const bench = useTools({ release });

  test('what the NAS hides is unknown, not unused, and said to be so', async () => {
    bench.simulator.control.setRoles(['READONLY_ADMIN']);
    const { text, data } = await bench.answer('list_items', { kind: 'certificate' });
    expect(text).toContain('whether web interface uses one could not be read (not allowed for this API key)');
    expect(data.rows.map((row: { used_by?: string[] }) => row.used_by)).toEqual([['FTP'], undefined]);
  });
});

describe('on 27.0', () => {
  const bench = useTools({ release: '27.0' });

  test('the name of the certificate is there for a key that only reads', async () => {
    bench.simulator.control.setRoles(['READONLY_ADMIN']);
    expect(await bench.ask('list_items', { kind: 'certificate' })).toMatch(
      /^truenas_default .* web interface, S3$/mu,
    );
  });

  test('a user of certificates that cannot be asked is named, and the rest stands', async () => {
    const text = await askTool(refusing(bench.nas, 'ftp.config'), 'list_items', { kind: 'certificate' });
    expect(text).toContain(
      'whether FTP uses one could not be read (not allowed for this API key, role SHARING_FTP_READ)',
    );
    expect(text).toMatch(/^nas_example_org .* -$/mu);
    expect(text).toMatch(/^truenas_default .* web interface, S3$/mu);
  });

  test('a date in an unknown form is no date, and such a certificate comes last', async () => {
    const nas = {
      ...bench.nas,
      call: async (...[method, params, options]: Parameters<typeof bench.nas.call>) => {
        const result = await bench.nas.call(method, params, options);
        if (method !== 'certificate.query' || !Array.isArray(result)) return result;
        return result.map((row, index) => (index === 1 ? Object.assign({}, row, { until: 'soon' }) : row));
      },
    };
    const { data } = await runTool(nas, toolNamed('list_items'), {
      kind: 'certificate',
      fields: ['days_left', 'expires'],
    });
    expect(data.rows).toEqual([
      { name: 'truenas_default', days_left: 97, expires: '2026-06-06' },
      { name: 'nas_example_org' },
    ]);
  });

  test('what uses them is not asked for when it is not shown', async () => {
    const before = bench.simulator.calls().length;
    await bench.ask('list_items', { kind: 'certificate', fields: ['alt_names'], sort: 'name' });
    const methods = bench.simulator
      .calls()
      .slice(before)
      .map(({ method }) => method);
    expect(new Set(methods.filter((method) => method !== 'system.info'))).toEqual(
      new Set(['certificate.query']),
    );
  });
});

/** A NAS with one certificate, whose users answer this. */
const certificate = {
  id: 4,
  name: 'lan',
  common: 'lan',
  san: [],
  until: 'Sun Nov 22 22:05:26 2026',
  cert_type_CSR: false,
};
const unused = {
  'certificate.query': [certificate],
  'system.general.config': { ui_certificate: null },
  'ftp.config': { ssltls_certificate: null },
  'system.advanced.config': { syslogservers: [] },
  'kmip.config': { certificate: null },
  's3.config': { certificate: null },
  'app.query': 0,
};

test.each<[string, Answers, string[] | undefined]>([
  ['nothing uses it', {}, []],
  ['apps may use it', { 'app.query': 3 }, undefined],
  ['syslog answers in another form', { 'system.advanced.config': {} }, undefined],
  ['one server of syslog is odd', { 'system.advanced.config': { syslogservers: [7] } }, undefined],
  ['a setting is odd', { 's3.config': { certificate: true } }, undefined],
  ['its id could not be read', { 'certificate.query': [{ ...certificate, id: 'four' }] }, undefined],
  ['S3 uses it', { 's3.config': { certificate: 4 } }, ['S3']],
])('a certificate is unused only where every user said so: %s', async (_, odd, usedBy) => {
  const { data } = await ask({ ...unused, ...odd }, 'list_items', { kind: 'certificate' }, '27.0');
  expect(data.rows[0].used_by).toEqual(usedBy);
});
