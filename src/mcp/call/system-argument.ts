/**
 * Which NAS a call means. With several configured, every tool takes `system`; with one, nothing anywhere shows that there
 * could be more: the argument is not advertised, and one that is sent is an unknown argument like any other.
 */
import type { Tool } from '@modelcontextprotocol/server';
import { didYouMean, nearNames } from '../../output/near-names.ts';
import { InputProblem } from '../../output/problem.ts';
import { safeCell } from '../../output/untrusted.ts';
import type { Step } from './middleware.ts';

/** The argument's name. */
const SYSTEM = 'system';

/** The entry of `tools/list` with the argument, where there is a choice. */
export function withSystemArgument(definition: Tool, systems: readonly string[]): Tool {
  if (systems.length < 2) return definition;
  const { inputSchema } = definition;
  const properties = { [SYSTEM]: { type: 'string', enum: [...systems] }, ...inputSchema.properties };
  const required = [SYSTEM, ...(inputSchema.required ?? [])];
  return { ...definition, inputSchema: { ...inputSchema, properties, required } };
}

/** The step that takes the argument out and says which NAS is meant. A call that knows its NAS already passes. */
export function chooseSystem(systems: readonly [string, ...string[]]): Step {
  const [only] = systems;
  return (call, next) => {
    if (call.system !== undefined) return next(call);
    if (systems.length === 1) return next({ ...call, system: only });
    const { [SYSTEM]: system, ...args } = isObject(call.args) ? call.args : {};
    if (typeof system !== 'string' || !systems.includes(system)) throw notASystem(system, systems);
    return next({ ...call, system, args });
  };
}

function notASystem(given: unknown, systems: readonly string[]): InputProblem {
  const choice = `say which: ${systems.join(', ')}`;
  if (given === undefined) return new InputProblem(SYSTEM, 'is missing', choice);
  const text = typeof given === 'string' ? given : JSON.stringify(given);
  const near = didYouMean(nearNames(text, systems));
  return new InputProblem(
    SYSTEM,
    `names no configured NAS: ${JSON.stringify(safeCell(text))}`,
    near ?? choice,
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
