/** The job tables of the older releases. */
import { ValidationError, ValidationErrors } from '../errors/exceptions.ts';
import { jobStyle, type JobStyle } from '../jobs/job-style.ts';
import { generationOf, isCore, type LegacyRelease } from '../releases.ts';
import { dialectOf } from './dialect.ts';
import { legacyFailure } from './errors.ts';

/** The style of an older release. */
export function legacyJobStyle(legacy: LegacyRelease): JobStyle {
  const dialect = dialectOf(legacy);
  const describe: JobStyle['describe'] = (error) => {
    const { text, traceback, className, repr, errno, extra } = legacyFailure(error, dialect);
    const isValidation = error instanceof ValidationErrors || error instanceof ValidationError;
    const type = isValidation ? 'VALIDATION' : className;
    const hasErrno = !isValidation || error instanceof ValidationError;
    return { text, traceback, info: { repr, type, errno: hasErrno ? errno : null, extra } };
  };
  if (!isCore(legacy)) return { ...jobStyle(generationOf(legacy)), describe };
  return {
    keepsMessageIds: false,
    firstProgress: { percent: null, description: null, extra: null },
    tellsStart: false,
    tellsEveryProgress: true,
    describe,
  };
}
