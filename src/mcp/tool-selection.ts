/** Which tools a server offers. */
import { type AccessLevel, accessIncludes } from '../policy/levels.ts';
import type { AnyReadTool, Toolset } from '../tools/define.ts';

/** Offered whatever the toolsets: every conversation starts with it. */
const ALWAYS_OFFERED = 'system_overview';

/** The tools within the access level and the toolsets, in the order they were given. */
export function selectTools(
  tools: readonly AnyReadTool[],
  granted: { readonly access: AccessLevel; readonly toolsets: readonly Toolset[] },
): readonly AnyReadTool[] {
  return tools.filter(
    (tool) =>
      accessIncludes(granted.access, tool.access) &&
      (granted.toolsets.includes(tool.toolset) || tool.name === ALWAYS_OFFERED),
  );
}
