/** `core.download` and the logs of jobs: links to what a job puts out (PROTOCOL section 7). */
import * as z from 'zod';
import { findMethod } from '../calls/lookup.ts';
import type { MethodContext, SimMethod } from '../calls/method.ts';
import { CallError, ERRNO, PlainError } from '../errors/exceptions.ts';
import { pythonType } from '../errors/python.ts';
import { isAtLeast } from '../releases.ts';
import { text } from '../schema/schema.ts';
import { findJob } from './core-jobs.ts';

const file = [
  ['filename', text()],
  ['buffered', z.boolean().default(false)],
] as const;

export const CORE_DOWNLOAD_METHODS: readonly SimMethod[] = [
  {
    name: 'core.download',
    description: 'Starts a job that makes a file, and answers its id and a link to the file.',
    auth: 'login',
    params: (release) => [
      ['method', text()],
      ['args', isAtLeast(release, '25.10') ? z.array(z.unknown()) : z.array(z.unknown()).default([])],
      ...file,
    ],
    returns: z.tuple([z.int(), z.string()]),
    run: download,
  },
  {
    name: 'core.job_download_logs',
    description: 'A link to the whole log of a job.',
    auth: 'login',
    params: [['id', z.int()], ...file],
    returns: z.string(),
    run: downloadLogs,
  },
];

async function download(
  context: MethodContext,
  name: string,
  args: readonly unknown[],
  filename: string,
): Promise<unknown> {
  const { internals, session } = context;
  const known = internals.methods.get(name);
  const isGranted =
    session.isFullAdmin ||
    (known !== undefined && (known.auth ?? 'role') === 'role' && internals.mayCall(session, known));
  if (!isGranted) throw new CallError('Not authorized', ERRNO.EACCES);
  const method = findMethod(internals.methods, name);
  if (method.job === undefined) {
    const { result } = await internals.callAndWait(session, name, args);
    throw new PlainError(`'${pythonType(result)}' object has no attribute 'id'`, 'AttributeError');
  }
  const jobId = internals.startJob(session, name, args);
  return [jobId, internals.offerDownload(session, jobId, filename)];
}

function downloadLogs(context: MethodContext, id: number, filename: string): string {
  const { jobs, session, internals, release } = context;
  if (!isAtLeast(release, '25.10') && jobs.get(id) === undefined)
    throw new PlainError(String(id), 'KeyError');
  const { logs_path: path } = findJob(context, id, 'read');
  if (path === null) throw new CallError('This job has no logs');
  const jobId = jobs.start({
    method: 'filesystem.get',
    args: [path],
    options: {},
    credentials: () => internals.jobCredentials(session),
    run(job) {
      job.write(jobs.logs(id));
      return null;
    },
  });
  return internals.offerDownload(session, jobId, filename);
}
