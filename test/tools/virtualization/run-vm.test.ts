/** Virtual machines are asked to shut down, and what the guest makes of it is told. */
import { describe, expect, it } from 'vitest';
import { type PlannedNas, startPlannedNas } from '../../changes/support/planned.ts';

function start(release: '25.04' | '25.10' | '27.0' = '25.10'): Promise<PlannedNas> {
  return startPlannedNas({ simulator: { release } });
}

async function stateOf(nas: PlannedNas, name: string): Promise<unknown> {
  const [row] = (await nas.read('vm.query', [[['name', '=', name]]])) as readonly {
    status: { state: string };
  }[];
  return row?.status.state;
}

describe('stop_vm', () => {
  it.each(['25.04', '25.10', '27.0'] as const)('on %s never cuts the power', async (release) => {
    const nas = await start(release);
    expect(await nas.change('stop_vm', { vm: 'web01' })).toMatch(/^DONE/u);
    expect(await stateOf(nas, 'web01')).toBe('STOPPED');
    expect(nas.writes()).toMatchObject([
      { method: 'vm.stop', params: [1, { force: false, force_after_timeout: false }] },
    ]);
    expect(await nas.undo()).toMatch(/^DONE|^UNDONE/u);
    expect(await stateOf(nas, 'web01')).toBe('RUNNING');
  });

  it('that the NAS may lack memory to start it again is told before and afterwards', async () => {
    const nas = await start();
    expect(await nas.impactOf('stop_vm', { vm: 'db01' })).toContain('16384 MiB of memory');
    await nas.change('stop_vm', { vm: 'db01' });
    expect(await nas.undo()).toContain('Cannot guarantee memory for guest db01');
  });

  it('a guest that does not listen runs on, and nobody is told that it stopped', async () => {
    const nas = await start();
    nas.simulator.control.next('vm.stop', { kind: 'pretend', result: null });
    expect(await nas.change('stop_vm', { vm: 'web01' })).toContain('status state is RUNNING, not STOPPED');
  });

  it('says who is cut off, how long the guest has, and whether it comes back by itself', async () => {
    const text = await (await start()).impactOf('stop_vm', { vm: '1' });
    expect(text).toContain('destroys: Stop virtual machine web01');
    expect(text).toContain('how many they are is UNKNOWN');
    expect(text).toContain('90 s to shut down');
    expect(text).toContain('starts by itself when the NAS starts');
  });
});

it.each([
  ['stop_vm', { vm: 'win11' }, 'win11 is STOPPED, and does not run'],
  ['start_vm', { vm: 'web01' }, 'web01 is RUNNING, and not stopped'],
  ['start_vm', { vm: 'web10' }, 'virtual machines: web01'],
  ['stop_vm', { vm: 99 }, 'no virtual machine is called 99'],
])('%s %j is refused: %s', async (tool, args, said) => {
  const nas = await start();
  expect(await nas.impactOf(tool, args)).toContain(said);
  expect(nas.writes()).toEqual([]);
});

it('a name that is the id of another machine is not guessed at', async () => {
  const nas = await start();
  const row = { status: { state: 'RUNNING' }, autostart: true, memory: 1, shutdown_timeout: 90 };
  const rows = [
    { ...row, id: 1, name: '2' },
    { ...row, id: 2, name: 'two' },
  ];
  nas.simulator.control.next('vm.query', { kind: 'result', result: rows });
  expect(await nas.impactOf('stop_vm', { vm: '2' })).toContain('is the name of one and the id of another');
});

it('no answer of the NAS carries a password of a display', async () => {
  const nas = await start();
  nas.simulator.control.clearCalls();
  await nas.change('stop_vm', { vm: 'web01' });
  const queries = nas.simulator.calls().filter(({ method }) => method === 'vm.query');
  expect(queries.length).toBeGreaterThan(1);
  for (const { params } of queries) expect(JSON.stringify(params)).not.toContain('devices');
  for (const { params } of queries) expect(JSON.stringify(params)).toContain('"select":["uuid"');
});
