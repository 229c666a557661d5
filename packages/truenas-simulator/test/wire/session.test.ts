import { expect, it } from 'vitest';
import { withSimulator } from '../support/simulator.ts';

const nas = withSimulator();

it('a signed-in connection gets its calls answered', async () => {
  const connection = await nas.connect();
  expect(await connection.call('core.ping')).toBe('pong');
  const me = await connection.call('auth.me');
  expect(me.pw_name).toBe(nas.simulator.username);
});
