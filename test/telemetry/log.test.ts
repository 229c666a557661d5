import { describe, expect, it } from 'vitest';
import { createRedactor } from '../../src/output/redact/redactor.ts';
import { createLog, type LogLevel } from '../../src/telemetry/log.ts';

const SECRET = `4-${'k9Zq'.repeat(16)}`;

function logTo(level: LogLevel) {
  const lines: string[] = [];
  const log = createLog({
    level,
    redactor: createRedactor({ ownSecrets: [SECRET] }),
    write: (line) => lines.push(line),
    now: () => 0,
  });
  return { log, lines };
}

describe('the log', () => {
  it.each([
    ['error', 1],
    ['warn', 2],
    ['info', 3],
    ['debug', 4],
  ] as const)('at level %s writes %i of four kinds of entries', (level, count) => {
    const { log, lines } = logTo(level);
    log.error('a');
    log.warn('b');
    log.info('c');
    log.debug('d');
    expect(lines).toHaveLength(count);
    expect(lines[0]).toBe('1970-01-01T00:00:00.000Z error a\n');
  });

  it('keeps an entry on one line and makes control and direction characters visible', () => {
    const { log, lines } = logTo('info');
    log.info('first\nsecond\u001b[2J\u202Etxet', { name: 'a\r\nb' });
    expect(lines).toEqual([
      '1970-01-01T00:00:00.000Z info first\\u000asecond\\u001b[2J\\u202etxet {"name":"a\\r\\nb"}\n',
    ]);
  });

  it('removes our own key from messages, details and errors in details', () => {
    const { log, lines } = logTo('debug');
    log.debug(`signing in with ${SECRET}`, { apiKey: SECRET, nested: { text: `key=${SECRET}` } });
    log.error('failed', { error: new Error(`no such key ${SECRET}`) });
    expect(lines.join('')).not.toContain(SECRET.slice(2));
    expect(lines[1]).toContain('Error: no such key [redacted]');
  });

  it('removes what stands under the name of a secret, whatever its shape', () => {
    const { log, lines } = logTo('debug');
    log.debug('call', { params: [{ passphrase: { parts: ['tulip', 'gravel'] }, name: 'tank' }] });
    expect(lines.join('')).not.toMatch(/tulip|gravel/);
    expect(lines[0]).toContain('tank');
  });

  it('lets no half of a secret out where a long entry is cut', () => {
    const { log, lines } = logTo('info');
    // Not our own key, of which also parts are known.
    const foreign = `77-${'aB3'.repeat(21)}x`;
    log.info(Array.from({ length: 500 }, () => foreign).join(' '));
    expect(lines.join('')).not.toContain(foreign.slice(0, 8));
  });

  it('survives details that cannot be turned into text', () => {
    const { log, lines } = logTo('info');
    const circular: Record<string, unknown> = { big: 10n };
    circular.self = circular;
    log.info('odd', circular);
    log.info('big', { big: 10n });
    expect(lines).toHaveLength(2);
    expect(lines[1]).toContain('{"big":"10"}');
  });

  it('shortens an entry of any size', () => {
    const { log, lines } = logTo('info');
    log.info('x'.repeat(1_000_000));
    expect(lines[0]?.length).toBeLessThan(10_000);
    expect(lines[0]).toContain('characters left out');
  });
});
