/** A tool that reads whatever the NAS says is readable: its client goes by the live catalog instead of `uses`. */
import type * as z from 'zod';
import type { ReadableClient } from '../../access/readable-client.ts';
import type { ReadTool, ToolAnswer, ToolContext } from '../define.ts';

/** A generic tool. policy/refusals.ts decides call by call what it may send. */
export interface ApiTool<Input extends z.ZodObject = z.ZodObject, Output extends z.ZodObject = z.ZodObject>
  extends Omit<ReadTool<Input, Output>, 'run'> {
  readonly usesAnyReadable: true;
  run(
    nas: ReadableClient,
    input: z.output<Input>,
    context: ToolContext,
  ): Promise<ToolAnswer<z.input<Output>>>;
}

/** Checks a generic tool's parts against each other at compile time, and adds what all of them share. */
export function defineApiTool<Input extends z.ZodObject, Output extends z.ZodObject>(
  tool: Omit<ApiTool<Input, Output>, 'kind' | 'access' | 'toolset' | 'uses' | 'usesAnyReadable'>,
): ApiTool<Input, Output> {
  return {
    ...tool,
    kind: 'read',
    toolset: 'api',
    access: 'read',
    uses: ['core.get_services', 'core.get_methods'],
    usesAnyReadable: true,
  };
}
