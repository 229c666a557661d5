/** What `tools/list` says of a tool, derived from the tool's object once per process. */
import type { Tool, ToolAnnotations } from '@modelcontextprotocol/server';
import type { AccessLevel } from '../policy/levels.ts';
import type { AnyReadTool } from '../tools/define.ts';

const definitions = new WeakMap<AnyReadTool, Tool>();

/** The tool's entry in `tools/list`. The same object for every server of the process: do not change it. */
export function toolDefinition(tool: AnyReadTool): Tool {
  const known = definitions.get(tool);
  if (known !== undefined) return known;
  const definition: Tool = {
    name: tool.name,
    title: tool.title,
    description: tool.description,
    inputSchema: objectSchema(tool.input, 'input'),
    outputSchema: objectSchema(tool.output, 'output'),
    annotations: annotationsFor(tool.access, tool.reachesOutside),
  };
  definitions.set(tool, definition);
  return definition;
}

/** All four hints. A NAS is a closed world, but for a tool whose calls can make it ask others. */
export function annotationsFor(
  access: AccessLevel,
  reachesOutside = false,
): Required<Omit<ToolAnnotations, 'title'>> {
  return {
    readOnlyHint: access === 'read',
    destructiveHint: access === 'destroy',
    idempotentHint: access === 'read',
    openWorldHint: reachesOutside,
  };
}

type ObjectSchema = { type: 'object'; [key: string]: unknown };

function objectSchema(schema: AnyReadTool['input'], side: 'input' | 'output'): ObjectSchema {
  const standard = schema['~standard'] as {
    jsonSchema: Record<'input' | 'output', (options: { target: string }) => Record<string, unknown>>;
  };
  const { $schema: _, ...json } = standard.jsonSchema[side]({ target: 'draft-2020-12' });
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
