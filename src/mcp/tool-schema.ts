/** What `tools/list` says of a tool, derived from the tool's object. */
import type { Tool as Definition, ToolAnnotations } from '@modelcontextprotocol/server';
import { z } from 'zod';
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
 * All four hints, by the worst that a call may do. A NAS is a closed world, but for a tool whose calls can make it ask
 * others.
 */
export function annotationsOf(
  tool: Pick<Tool, 'access' | 'kind'> & {
    readonly reachesOutside?: true;
    readonly worstCase?: AccessLevel;
  },
): Required<Omit<ToolAnnotations, 'title'>> {
  const worst = tool.kind === 'engine' ? (tool.worstCase ?? 'read') : tool.access;
  return {
    readOnlyHint: worst === 'read',
    destructiveHint: worst === 'destroy',
    idempotentHint: worst === 'read',
    openWorldHint: tool.reachesOutside === true,
  };
}

type ObjectSchema = { type: 'object'; [key: string]: unknown };

function objectSchema(schema: z.ZodObject, side: 'input' | 'output'): ObjectSchema {
  const { $schema: _, ...json } = z.toJSONSchema(schema, { io: side, target: 'draft-2020-12' });
  return { ...(trimmed(json, side) as Record<string, unknown>), type: 'object' };
}

/**
 * Leaves out what costs tokens and says nothing: the bounds of a JavaScript integer, and in outputs the promise that there
 * will never be another key (clients that validate would reject a whole answer for one).
 */
function trimmed(value: unknown, side: 'input' | 'output'): unknown {
  if (Array.isArray(value)) return value.map((item) => trimmed(item, side));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key, inner]) => {
        if (key === 'maximum' && inner === Number.MAX_SAFE_INTEGER) return false;
        if (key === 'minimum' && inner === Number.MIN_SAFE_INTEGER) return false;
        return !(side === 'output' && key === 'additionalProperties' && !isConstraint(inner));
      })
      .map(([key, inner]) => [key, trimmed(inner, side)]),
  );
}

/** `additionalProperties` says something only when it is a schema with content. */
function isConstraint(additional: unknown): boolean {
  return typeof additional === 'object' && additional !== null && Object.keys(additional).length > 0;
}
