/** What can go wrong on demand goes wrong on the older protocol, too. */
import { describe, expect, it } from 'vitest';
import { connectLegacy } from '../support/legacy.ts';
import { withSimulator } from '../support/simulator.ts';

const TIMED_OUT = {
  error: 110,
  errname: 'ETIMEDOUT',
  reason: '[ETIMEDOUT] no answer',
  trace: null,
  extra: null,
};

describe.each(['24.10', 'core-13.3'] as const)('a %s on which something is ordered to fail', (release) => {
  const nas = withSimulator({ release });

  it('answers an ordered error with its own fields and numbers', async () => {
    const connection = await connectLegacy(nas.simulator);
    const fault = { kind: 'error', code: -32001, message: 'Method call error', data: TIMED_OUT } as const;
    nas.simulator.control.next('pool.query', fault);
    const isCore = release === 'core-13.3';
    const { errname: _, ...bare } = TIMED_OUT;
    await expect(connection.call('pool.query')).rejects.toMatchObject({
      error: isCore ? { ...bare, error: 60, type: null } : { ...TIMED_OUT, type: null },
    });
    expect(await connection.call('pool.query', [[], { count: true }])).toBeGreaterThan(2);
  });

  it('cuts the connection before a call, after it, and in the middle of its answer', async () => {
    for (const kind of ['drop-before', 'drop-after', 'half-frame'] as const) {
      const connection = await connectLegacy(nas.simulator);
      nas.simulator.control.next('pool.query', { kind });
      await expect(connection.call('pool.query')).rejects.toThrow('closed with 1006');
    }
  });

  it('answers twice, or an id that nobody used', async () => {
    const connection = await connectLegacy(nas.simulator);
    nas.simulator.control.next('core.ping', { kind: 'duplicate' });
    nas.simulator.control.next('system.version', { kind: 'answer-to-nobody' });
    expect(await connection.call('core.ping')).toBe('pong');
    expect(await connection.call('system.version')).toMatch(/^TrueNAS/);
    expect(connection.frames.filter(({ result }) => result === 'pong').length).toBe(2);
    expect(connection.frames.some(({ id }) => id === 'nobody-asked')).toBe(true);
  });

  it('records what was called, and whether it changes something', async () => {
    const connection = await connectLegacy(nas.simulator);
    nas.simulator.control.clearCalls();
    await connection.call('pool.query');
    await connection.call('cronjob.update', [1, { enabled: true }]);
    expect(nas.simulator.calls().map(({ method, isMutating }) => [method, isMutating])).toEqual([
      ['pool.query', false],
      ['cronjob.update', true],
    ]);
  });

  it('takes nothing for parameters as none', async () => {
    const connection = await connectLegacy(nas.simulator);
    for (const params of ['null', '{}', '[]', '""']) {
      connection.send(
        `{"msg":"method","id":${JSON.stringify(params)},"method":"core.ping","params":${params}}`,
      );
      expect(await connection.frame(({ id }) => id === params)).toMatchObject({ result: 'pong' });
    }
  });
});
