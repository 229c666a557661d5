/** What `tools/list` says of a tool, derived from the tool's object. */
import type { Tool as Definition, ToolAnnotations } from '@modelcontextprotocol/server';
import * as z from 'zod';
import type { AccessLevel } from '../policy/levels.ts';
import type { Tool } from '../tools/define.ts';

/** The tool's entry in `tools/list`. */
export function toolDefinition(tool: Tool): Definition {
  return {
    name: tool.name,
    title: tool.title,
    description: tool.description,
    inputSchema: objectSchema(tool.input, 'input'),
    // The structured form of a change says little that its text does not; its schema would be paid by every conversation.
    ...(tool.kind === 'read' ? { outputSchema: objectSchema(tool.output, 'output') } : {}),
    annotations: annotationsOf(tool),
  };
}

/**
 * The hints that mean something, by the worst that a call may do. A NAS is a closed world, but for a tool whose calls can
 * make it ask others. Left to their defaults: what may be destroyed or repeated by a tool that only reads (MCP gives these
 * two no meaning there), and `idempotentHint` of a change, which is never promised.
 */
export function annotationsOf(
  tool: Pick<Tool, 'access' | 'kind'> & {
    readonly reachesOutside?: true;
    readonly worstCase?: AccessLevel;
    readonly writes?: readonly string[] | 'any';
  },
): ToolAnnotations {
  const ofItself = tool.kind === 'engine' ? (tool.worstCase ?? 'read') : tool.access;
  const worst = tool.writes === 'any' ? 'destroy' : ofItself;
  return {
    readOnlyHint: worst === 'read',
    ...(worst === 'read' ? {} : { destructiveHint: worst === 'destroy' }),
    openWorldHint: tool.reachesOutside === true,
  };
}

type ObjectSchema = { type: 'object'; [key: string]: unknown };

function objectSchema(schema: z.ZodObject, side: 'input' | 'output'): ObjectSchema {
  const { $schema: _, ...json } = z.toJSONSchema(schema, { io: side, target: 'draft-2020-12' });
  return { ...(trimmed(json, side) as Record<string, unknown>), type: 'object' };
}

/**
 * Leaves out what costs every conversation tokens and tells a model nothing. Each call is checked against the tool's own
 * schema whatever the list says, and a wrong argument is answered with its bounds.
 */
function trimmed(value: unknown, side: 'input' | 'output', isNames = false): unknown {
  if (Array.isArray(value)) return value.map((item) => trimmed(item, side));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key, inner]) => isNames || !isIdle(key, inner, value, side))
      .map(([key, inner]) => [key, trimmed(inner, side, key === 'properties' && !isNames)]),
  );
}

/** True for a keyword that no honest call runs into, or that says what JSON says anyway. */
function isIdle(key: string, value: unknown, schema: object, side: 'input' | 'output'): boolean {
  switch (key) {
    // Lengths keep hostile texts out; names, reasons and queries are shorter by themselves.
    case 'maxLength':
    case 'propertyNames':
      return true;
    case 'minLength':
    case 'minItems':
    case 'minimum':
      return Number(value) <= 1;
    case 'maximum':
      return value === Number.MAX_SAFE_INTEGER;
    case 'pattern':
      return 'format' in schema;
    // A program takes any text for what an enum says; models read the answer itself.
    case 'enum':
      return side === 'output';
    case 'properties':
      return side === 'output' && Object.keys(Object(value)).length === 0;
    // In outputs, the promise that there will never be another key: clients that validate would reject a whole answer for one.
    case 'additionalProperties':
      return side === 'output' ? !isConstraint(value) : value !== false && !isConstraint(value);
    default:
      return false;
  }
}

/** `additionalProperties` says something only when it is a schema with content. */
function isConstraint(additional: unknown): boolean {
  return typeof additional === 'object' && additional !== null && Object.keys(additional).length > 0;
}
