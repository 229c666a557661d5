/** docs/tools.md, from the tool objects, and what their list entries cost a model. */
import { countTokens } from 'gpt-tokenizer/encoding/o200k_base';
import { toolDefinition } from '../../src/mcp/tool-schema.ts';
import type { ListTool } from '../../src/tools/define-list.ts';
import type { Lack, Tool } from '../../src/tools/define.ts';
import { TOOLSETS } from '../../src/tools/index.ts';
import { TOOLSET_NAMES } from '../../src/tools/toolset.ts';
import { ALL_TOOLS, isListed } from './all-tools.ts';
import budgets from '../../test/docs/token-budgets.json' with { type: 'json' };
import { grantedTools } from '../../src/mcp/tool-registry.ts';
import { type AccessLevel, ACCESS_LEVELS } from '../../src/policy/levels.ts';
import { rolesFor } from '../../src/policy/roles.ts';
import { code, GENERATED, table } from './markdown.ts';
import { listTokens, type TokenCosts } from './token-costs.ts';

const COSTS: TokenCosts = budgets;

/** The whole page. */
export function toolsPage(): string {
  return [
    GENERATED,
    '# Tools',
    [
      'One page for all of them, made from the objects that define them. "Roles" are the narrowest TrueNAS roles that let the',
      'tool do its whole work; `READONLY_ADMIN` includes every one that a `read` tool needs. Tokens are what its entry in',
      '`tools/list` and the text of a typical answer cost a model (o200k); the answers are those of the simulated NAS. A test',
      'fails when one of them grows by more than 5 %.',
    ].join('\n'),
    `At access \`read\` with all toolsets, \`tools/list\` costs **${listTokens('read', TOOLSET_NAMES)} tokens** for ${listed('read').length} tools; at \`destroy\`, **${listTokens('destroy', TOOLSET_NAMES)}** for ${listed('destroy').length}.`,
    listedChanges(),
    table(
      ['Toolset', 'Tools', 'Tokens'],
      TOOLSETS.map(({ name: toolset }) => {
        const tools = ALL_TOOLS.filter((tool) => tool.toolset === toolset);
        return [
          code(toolset),
          tools.map((tool) => `[${tool.name}](#${tool.name})`).join(', '),
          String(sum(tools.filter((tool) => isListed(tool) && tool.isForApiWrite !== true).map(entryTokens))),
        ];
      }),
    ),
    'Tokens of `tools/list` by access level, with all toolsets and with a single one (`system_overview` is always among them):',
    table(
      ['Access', 'default', 'all', ...TOOLSET_NAMES],
      ACCESS_LEVELS.map((access) => [
        code(access),
        String(listTokens(access, TOOLSET_NAMES, true)),
        String(listTokens(access, TOOLSET_NAMES)),
        ...TOOLSET_NAMES.map((toolset) => String(listTokens(access, [toolset]))),
      ]),
    ),
    ...TOOLSETS.flatMap(({ name, about }) => [
      `## ${name}`,
      about,
      ...ALL_TOOLS.filter((tool) => tool.toolset === name).map(toolSection),
    ]),
  ]
    .join('\n\n')
    .concat('\n');
}

/** Tools of `tools/list` at this level, with every toolset. */
function listed(access: AccessLevel): readonly Tool[] {
  return grantedTools(ALL_TOOLS, { access, toolsets: TOOLSET_NAMES }).filter(isListed);
}

function listedChanges(): string {
  const changes = listed('destroy').filter(({ kind }) => kind === 'change' || kind === 'engine');
  const others = ALL_TOOLS.filter((tool) => !isListed(tool));
  const average = Math.round(sum(changes.map(entryTokens)) / changes.length);
  return [
    `Of the tools that change something, ${changes.length} are listed (${average} tokens on average): what people ask for most, and the tools`,
    'that plan, apply, list and undo. Every entry costs each conversation its tokens, so that the rarer ones are not listed;',
    `\`plan_change\` takes them by name: ${others.map(({ name }) => `[${name}](#${name})`).join(', ')}.`,
    'All toolsets are on by default, and somebody who asks for a change need not know a toolset. Above access `read`, `changes` belongs',
    'to every choice of toolsets. Read tools that are needed seldom are listed only where `TRUENAS_TOOLSETS` is set (`all` for every one);',
    'by default `search_api` finds them and `call_api_read` calls them by name, as any that reads:',
    `${seldom()}. So the list stays within 5,000 tokens at \`read\` (7,000 with \`all\`) and 12,000 at \`destroy\`.`,
  ].join('\n');
}

function seldom(): string {
  return ALL_TOOLS.filter((tool) => tool.kind === 'read' && tool.isListedOnRequest === true)
    .map(({ name }) => `[${name}](#${name})`)
    .join(', ');
}

function toolSection(tool: Tool): string {
  const roles = rolesFor(tool.uses).map(code).join(', ');
  return [
    `### ${tool.name}`,
    `**${tool.title}.** ${tool.description}`,
    [
      `Access ${code(tool.access)}`,
      `roles ${roles === '' ? 'none beyond sign-in' : roles}`,
      `uses ${[...tool.uses].sort().map(code).join(', ')}`,
      `${entryTokens(tool)} tokens`,
    ]
      .join('; ')
      .concat('.'),
    ...(tool.isForApiWrite === true
      ? ['Offered only where `TRUENAS_API_WRITE=true` is set; not counted in the totals above.']
      : []),
    ...(tool.kind === 'engine' ? [] : [typicalAnswer(tool)]),
    ...(tool.mayLack === undefined
      ? []
      : [
          `Says so when the key may not read ${tool.mayLack.map(lackText).join(', ')}; the rest of the answer stands.`,
        ]),
    argumentsTable(tool),
  ].join('\n\n');
}

function lackText({ method, field }: Lack): string {
  return field === undefined ? code(method) : `${code(field)} of ${code(method)}`;
}

interface Property {
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly default?: unknown;
  readonly enum?: readonly unknown[];
  readonly items?: Property;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly anyOf?: readonly Property[];
}

function argumentsTable(tool: Tool): string {
  const schema = toolDefinition(tool).inputSchema as {
    properties?: Record<string, Property>;
    required?: string[];
  };
  const rows = Object.entries(schema.properties ?? {}).map(([name, property]) => [
    schema.required?.includes(name) === true ? `${code(name)} (required)` : code(name),
    typeText(property),
    property.default === undefined ? '' : code(JSON.stringify(property.default)),
    property.description ?? (name === 'fields' && 'columns' in tool ? usualColumns(tool as ListTool) : ''),
  ]);
  return rows.length === 0
    ? 'It takes no arguments.'
    : table(['Argument', 'Type', 'Default', 'Meaning'], rows);
}

/** What a list shows when nobody chose columns; those that are always shown, in bold. */
function usualColumns({ columns }: ListTool): string {
  const usual = columns.filter(({ isOnDemand }) => !isOnDemand);
  return `usually ${usual.map(({ name, isKey }) => (isKey ? `**${name}**` : name)).join(', ')}`;
}

function typeText(property: Property): string {
  if (property.enum !== undefined) return property.enum.map((value) => code(String(value))).join(', ');
  if (property.anyOf !== undefined) return property.anyOf.map(typeText).join(' or ');
  if (property.items !== undefined) return `list of ${typeText(property.items)}`;
  const range = [
    property.minimum === undefined ? '' : `from ${property.minimum}`,
    property.maximum === undefined ? '' : `to ${property.maximum}`,
  ].filter((part) => part !== '');
  return [property.type ?? 'any', ...range].join(' ');
}

function entryTokens(tool: Tool): number {
  return countTokens(JSON.stringify(toolDefinition(tool)));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** Of a change tool, the plan. */
function typicalAnswer(tool: Tool): string {
  const call = code(`${tool.name} ${JSON.stringify(tool.examples[0].args)}`);
  return `${tool.kind === 'change' ? 'Typical plan' : 'Typical answer'}: ${COSTS.answers[tool.name] ?? 'not counted yet'} tokens, to ${call}.`;
}
