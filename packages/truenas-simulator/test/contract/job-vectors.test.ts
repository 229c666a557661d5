/** Jobs go the way they went on the real handler: the same events around the reply, and the same row at the end. */
import { beforeAll, expect, it } from 'vitest';
import { describeContract } from '../support/contract.ts';
import { type Json, type RawConnection, withSimulator } from '../support/simulator.ts';
import { type JobRun, WIRE_VECTORS } from '../support/wire-vectors.ts';

/** Runs that end here and did not there. */
const UNFINISHED: Readonly<Record<string, string>> = {
  'scrub unknown': 'nothing scrubs in the recording, whose ZFS is none: its job never ends',
};

describeContract('jobs of the real handler', () => {
  const nas = withSimulator({ release: '25.10' });
  let connection: RawConnection;

  beforeAll(async () => {
    connection = await nas.connect();
    await connection.call('core.subscribe', ['core.get_jobs']);
  });

  const finished = WIRE_VECTORS.jobs.filter(({ name }) => UNFINISHED[name] === undefined);

  it.each(finished.map((run) => [run.name, run] as const))('%s', async (_name, run) => {
    const { order, row } = await observe(connection, run);
    expect(order).toEqual(run.order);
    const { credentials, ...own } = row;
    expect(credentials).toMatchObject({ type: 'API_KEY' });
    expect(reduced(own)).toEqual(reduced(run.row));
  });

  it.each(Object.entries(UNFINISHED))('%s begins alike: %s', async (name) => {
    const run = WIRE_VECTORS.jobs.find((each) => each.name === name);
    expect(run?.row['state']).toBe('RUNNING');
    const { order } = await observe(connection, run as JobRun);
    expect(order.slice(0, run?.order.length)).toEqual(run?.order);
  });
});

/** Starts the job again, and collects its events in order with the reply among them. */
async function observe(connection: RawConnection, run: JobRun): Promise<{ order: unknown[]; row: Json }> {
  const start = connection.frames.length;
  const id = await connection.call(String(run.row['method']), argumentsOf(run));
  const isLast = ({ params }: Json): boolean =>
    params?.id === id && params.fields.time_finished !== null && params.fields.progress !== undefined;
  await connection.frame((frame) => connection.frames.indexOf(frame) >= start && isLast(frame));
  const row = await connection.call('core.get_jobs', [[['id', '=', id]], { get: true }]);
  const order = connection.frames.slice(start, -1).flatMap((frame: Json): unknown[] => {
    if (frame.method === undefined) return frame.result === id ? ['REPLY'] : [];
    const { params } = frame;
    if (params.id !== id) return [];
    const { state, progress } = params.fields;
    return [{ event: params.msg, state, percent: progress.percent, description: progress.description }];
  });
  return { order, row };
}

/** The arguments as sent: rows of jobs whose arguments are wrong show one for each parameter. */
function argumentsOf({ row }: JobRun): unknown[] {
  const shown = [...(row['arguments'] as unknown[])];
  const isWrong = (row['exc_info'] as { type?: string } | null)?.type === 'VALIDATION';
  while (isWrong && shown.at(-1) === null) shown.pop();
  return shown;
}

/** A row without what is of its time and box. */
function reduced(row: Readonly<Record<string, unknown>>): unknown {
  const { exception } = row;
  return {
    ...row,
    id: 'a number',
    message_ids: (row['message_ids'] as unknown[]).length,
    time_started: 'a time',
    time_finished: 'a time',
    exception: exception === null ? null : 'a traceback',
    result: reducedResult(row['result']),
  };
}

/** Results of bulk calls: errors as they are, of pools their ids, job ids as being there. */
function reducedResult(result: unknown): unknown {
  if (!Array.isArray(result)) return result;
  return result.map(({ job_id: jobId, error, result: inner }) => ({
    job_id: jobId === null ? null : 'a number',
    error,
    result: Array.isArray(inner) ? reducedResult(inner) : (inner?.id ?? inner),
  }));
}
