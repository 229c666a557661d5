/** Tells which methods answer with a job, as the NAS itself publishes them: a job's number is no success. */
import { catalogOf } from '../access/readable-client.ts';
import { TrueNasError } from '../truenas/errors.ts';
import type { WriteSession } from '../truenas/write-session.ts';
import { findByName } from './readers.ts';

/**
 * True for a method that starts a job.
 * @throws TrueNasError `method-missing` when the NAS does not offer it to this account: nothing was sent then
 */
export async function isJobMethod({ read }: Pick<WriteSession, 'read'>, method: string): Promise<boolean> {
  const found = await findByName(catalogOf(read), await read.release(), method);
  if (found !== undefined) return found.isJob;
  throw new TrueNasError('method-missing', {
    summary: `This NAS does not offer ${method} to the account that is to make the change.`,
    nextStep: 'Its release may lack the method, or the account the role. Nothing was sent.',
    method,
  });
}
