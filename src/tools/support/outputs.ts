/** Output schemas. They are small on purpose: every tool's schema is read by every model, and only the keys matter. */
import { z } from 'zod';

/** What every list tool answers: see output/list.ts. */
export const listOutput = z.looseObject({
  total: z.number(),
  shown: z.number(),
  rows: z.array(z.looseObject({})),
  notes: z.array(z.string()).optional(),
  next: z.string().optional(),
});

/** What every tool about one object answers: its facts. */
export const factsOutput = z.looseObject({});
