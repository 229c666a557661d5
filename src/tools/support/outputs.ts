/** Output schemas. They are small on purpose: every tool's schema is read by every model, and only the keys matter. */
import * as z from 'zod';

/** The data of every list, as far as a program needs it for the next page; output/list.ts makes it, with notes besides. */
export const listOutput = z.looseObject({
  total: z.int(),
  rows: z.array(z.looseObject({})),
  next: z.string().optional(),
});

/** The data of every tool about one object: its facts. */
export const factsOutput = z.looseObject({});
