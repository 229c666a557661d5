import { describe, expect, test } from 'vitest';
import { askTool, refusing, runTool, toolNamed, useTools } from '../../support/tools.ts';

describe.each(['25.04', '25.10', '27.0'] as const)('on %s', (release) => {
  const bench = useTools({ release });

  test('certificates come with what uses them, the one that expires next first', async () => {
    expect(await bench.ask('list_certificates')).toBe(
      [
        '2 certificates',
        'name             common           alt_names        expires     days_left  used_by',
        'nas_example_org  nas.example.org  nas.example.org  2026-03-22  21         FTP',
        'truenas_default  localhost        localhost        2026-06-06  97         web interface',
      ].join('\n'),
    );
  });
});

describe.each(['25.04', '25.10'] as const)('for a key that only reads, on %s', (release) => {
  const bench = useTools({ release });

  test('what the NAS hides is unknown, not unused, and said to be so', async () => {
    bench.simulator.control.setRoles(['READONLY_ADMIN']);
    const { text, data } = await bench.answer('list_certificates');
    expect(text).toContain('whether web interface uses one could not be read (not allowed for this API key)');
    expect(data.rows.map((row: { used_by?: string[] }) => row.used_by)).toEqual([['FTP'], undefined]);
  });
});

describe('on 27.0', () => {
  const bench = useTools({ release: '27.0' });

  test('the name of the certificate is there for a key that only reads', async () => {
    bench.simulator.control.setRoles(['READONLY_ADMIN']);
    expect(await bench.ask('list_certificates')).toMatch(/^truenas_default .* web interface$/mu);
  });

  test('a user of certificates that cannot be asked is named, and the rest stands', async () => {
    const text = await askTool(refusing(bench.nas, 'ftp.config'), 'list_certificates');
    expect(text).toContain(
      'whether FTP uses one could not be read (not allowed for this API key, role SHARING_FTP_READ)',
    );
    expect(text).toMatch(/^nas_example_org .* -$/mu);
    expect(text).toMatch(/^truenas_default .* web interface$/mu);
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
    const { data } = await runTool(nas, toolNamed('list_certificates'), { fields: ['days_left', 'expires'] });
    expect(data.rows).toEqual([
      { name: 'truenas_default', days_left: 97, expires: '2026-06-06' },
      { name: 'nas_example_org' },
    ]);
  });

  test('what uses them is not asked for when it is not shown', async () => {
    const before = bench.simulator.calls().length;
    await bench.ask('list_certificates', { fields: ['days_left'] });
    const methods = bench.simulator
      .calls()
      .slice(before)
      .map(({ method }) => method);
    expect(methods).toEqual(['certificate.query']);
  });
});
