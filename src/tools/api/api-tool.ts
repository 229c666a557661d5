/** The generic tools' own kind: they get the gate instead of a list of methods. */
import type { z } from 'zod';
import type { GenericReadClient } from '../../access/readable-client.ts';
import type { ReadTool, ToolAnswer, ToolContext } from '../define.ts';

/** A generic tool. What it may call is decided call by call, by policy/gate.ts. */
export interface ApiTool<Input extends z.ZodObject = z.ZodObject, Output extends z.ZodObject = z.ZodObject>
  extends Omit<ReadTool<Input, Output>, 'run'> {
  readonly usesAnyReadable: true;
  run(
    nas: GenericReadClient,
    input: z.output<Input>,
    context: ToolContext,
  ): Promise<ToolAnswer<z.input<Output>>>;
}

/** Checks a generic tool's parts against each other at compile time and completes it. */
export function defineApiTool<Input extends z.ZodObject, Output extends z.ZodObject>(
  tool: Omit<ApiTool<Input, Output>, 'access' | 'toolset' | 'uses' | 'usesAnyReadable'>,
): ApiTool<Input, Output> {
  return {
    ...tool,
    toolset: 'api',
    access: 'read',
    uses: ['core.get_services', 'core.get_methods'],
    usesAnyReadable: true,
  };
}
