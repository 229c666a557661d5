/** The end of a change as structured content. */
import * as z from 'zod';

export const OUTCOME = z.looseObject({
  plan: z.string(),
  summary: z.string(),
  /** `applied`, or why it is not: see docs/safety.md. */
  state: z.string(),
});
