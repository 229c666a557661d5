/**
 * Cursors: where the next page begins, and a digest of the question it belongs to. They are stateless, so any process
 * can answer the next page, also after a restart; a cursor of another question is refused instead of answered wrongly.
 */
import { createHash } from 'node:crypto';
import { InputProblem } from './problem.ts';
import { safeJson } from './untrusted.ts';

/** Arguments of a tool call, as far as paging cares. */
export type Arguments = Readonly<Record<string, unknown>>;

/** The cursor of the page that begins at `offset` for the question that `args` ask. */
export function makeCursor(tool: string, args: Arguments, offset: number): string {
  return `${offset}.${digest(tool, args)}`;
}

/**
 * The offset a cursor stands for; 0 without one.
 * @throws InputProblem when it is not a cursor, or one of a different question.
 */
export function readCursor(tool: string, args: Arguments): number {
  const cursor = args['cursor'];
  if (cursor === undefined) return 0;
  const match = typeof cursor === 'string' ? /^(\d{1,9})\.([\w-]{6})$/u.exec(cursor) : null;
  if (match === null) {
    throw new InputProblem(
      'cursor',
      'is not a cursor of this server',
      'copy it from the "next:" line of the answer before',
    );
  }
  if (match[2] !== digest(tool, args)) {
    throw new InputProblem(
      'cursor',
      'belongs to a question with other arguments',
      'repeat the arguments of the "next:" line exactly, or leave the cursor out to start over',
    );
  }
  return Number(match[1]);
}

/** The call that continues where this answer ends, spelled out so that nobody has to guess. */
export function nextCall(tool: string, args: Arguments, offset: number): string {
  const given = Object.fromEntries(
    Object.entries(args).filter(([name, value]) => name !== 'cursor' && value !== undefined),
  );
  return `${tool} ${safeJson({ ...given, cursor: makeCursor(tool, args, offset) })}`;
}

// `limit` may change from page to page: the offset is in the cursor.
const NOT_PART_OF_THE_QUESTION = new Set(['cursor', 'limit']);

function digest(tool: string, args: Arguments): string {
  const question = Object.entries(args)
    .filter(([name, value]) => !NOT_PART_OF_THE_QUESTION.has(name) && value !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256')
    .update(JSON.stringify([tool, question]))
    .digest('base64url')
    .slice(0, 6);
}
