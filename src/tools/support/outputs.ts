/** Output schemas. They are small on purpose: every tool's schema is read by every model, and only the keys matter. */
import { z } from 'zod';

/** The data of every list: see output/list.ts. */
export const listOutput = z.looseObject({
  total: z.number(),
  shown: z.number(),
  rows: z.array(z.looseObject({})),
  notes: z.array(z.string()).optional(),
  next: z.string().optional(),
});

/** The data of every tool about one object: its facts. */
export const factsOutput = z.looseObject({});
