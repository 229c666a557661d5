/** A method's parameters as an indented list, in as much detail as a budget allows. */
import { estimateTokens, linesThatFit } from '../../output/budget.ts';
import { safeCell } from '../../output/untrusted.ts';
import type { JsonSchema } from '../../truenas/catalog/index.ts';
import { branchName, constants, core, itemsOf, propertiesOf, solidBranches } from './schema-walk.ts';
import { type Detail, defaultText, isNested, typeText } from './type-text.ts';

interface Level extends Detail {
  /** Levels shown below a parameter. */
  readonly depth: number;
  /** Optional parts as a list of names only. */
  readonly isTerse: boolean;
  readonly withDescriptions: boolean;
}

/** From the whole picture to the bare names; the first that fits is used. */
const LEVELS: readonly Level[] = [
  { depth: 6, enumValues: 30, withDefaults: true, isTerse: false, withDescriptions: true },
  { depth: 6, enumValues: 20, withDefaults: true, isTerse: false, withDescriptions: false },
  { depth: 3, enumValues: 12, withDefaults: true, isTerse: false, withDescriptions: false },
  { depth: 2, enumValues: 8, withDefaults: true, isTerse: false, withDescriptions: false },
  { depth: 2, enumValues: 8, withDefaults: false, isTerse: true, withDescriptions: false },
  { depth: 1, enumValues: 6, withDefaults: false, isTerse: false, withDescriptions: false },
  { depth: 1, enumValues: 6, withDefaults: false, isTerse: true, withDescriptions: false },
];

/** Lines for these parameters within `budgetTokens`, and a path to something nested that they do not show. */
export function parameterLines(
  parameters: readonly Part[],
  budgetTokens: number,
  path = '',
): { lines: string[]; deeper?: string } {
  let lines: Line[] = [];
  for (const level of LEVELS) {
    lines = parameters.flatMap((parameter) =>
      partLines(parameter, { level, depth: level.depth, indent: '', path }),
    );
    if (estimateTokens(lines.map(({ text }) => text).join('\n')) <= budgetTokens) return shownLines(lines);
  }
  const shown = linesThatFit(
    lines.map(({ text }) => text),
    budgetTokens - 10,
  );
  const rest = `… ${lines.length - shown} more lines`;
  const hidden = lines.slice(shown).find((line) => line.path !== undefined)?.path;
  return shownLines([...lines.slice(0, shown), { text: rest, hidden: hidden ?? lines[0]?.path }]);
}

/** A parameter or property. */
export interface Part {
  readonly name: string;
  readonly schema: JsonSchema;
  readonly isRequired: boolean;
}

interface Line {
  readonly text: string;
  readonly path?: string | undefined;
  /** Path of what is nested below and not shown. */
  readonly hidden?: string | undefined;
}

interface Place {
  readonly level: Level;
  /** Levels left to show below. */
  readonly depth: number;
  readonly indent: string;
  /** Path of the part that holds these. */
  readonly path: string;
}

/** Marks what has more below. */
const MORE = ' {…}';

function shownLines(lines: readonly Line[]): { lines: string[]; deeper?: string } {
  const deeper = lines.find((line) => line.hidden !== undefined)?.hidden;
  const texts = lines.map(({ text, hidden }) => `${text}${hidden === undefined ? '' : MORE}`);
  return deeper === undefined ? { lines: texts } : { lines: texts, deeper };
}

function partLines(part: Part, place: Place): Line[] {
  const { schema, name } = part;
  const { level, depth, indent } = place;
  const path = below(place.path, name);
  const inner = depth > 0 ? innerLines(schema, { level, depth: depth - 1, indent: `${indent}  `, path }) : [];
  const initial = level.withDefaults && !part.isRequired ? defaultText(schema) : '';
  const about = level.withDescriptions ? descriptionText(schema) : '';
  const text = `${indent}${safeCell(name)}${part.isRequired ? '' : '?'}: ${typeText(schema, level)}${initial}${about}`;
  return [{ text, path, hidden: inner.length === 0 && isNested(schema) ? path : undefined }, ...inner];
}

function innerLines(given: JsonSchema, place: Place): Line[] {
  const schema = core(given);
  const properties = propertiesOf(schema);
  if (properties.length > 0) return propertyLines(properties, place);
  const items = itemsOf(schema);
  if (items !== undefined) return innerLines(items, place);
  const branches = solidBranches(schema);
  if (!branches.some(isNested)) return [];
  return branches.flatMap((branch, index): Line[] => {
    const name = branchName(branch, index, schema);
    const path = below(place.path, name);
    const shown = propertiesOf(branch).filter((property) => !isTag(property.schema, name));
    const deeper = { ...place, depth: place.depth - 1, indent: `${place.indent}  `, path };
    const inside = place.depth > 0 ? propertyLines(shown, deeper) : [];
    const hidden = inside.length === 0 && shown.length > 0 ? path : undefined;
    return [
      { text: `${place.indent}either ${safeCell(name)}${inside.length === 0 ? '' : ':'}`, path, hidden },
      ...inside,
    ];
  });
}

function propertyLines(properties: readonly Part[], place: Place): Line[] {
  if (!place.level.isTerse) return properties.flatMap((property) => partLines(property, place));
  const optional = properties.filter((property) => !property.isRequired);
  const nested = optional.find(({ schema }) => isNested(schema));
  const names = optional.map(({ name, schema }) => `${safeCell(name)}${isNested(schema) ? MORE : ''}`);
  return [
    ...properties.filter((property) => property.isRequired).flatMap((property) => partLines(property, place)),
    ...(names.length === 0
      ? []
      : [
          {
            text: `${place.indent}optional: ${names.join(', ')}`,
            hidden: nested === undefined ? undefined : below(place.path, nested.name),
          },
        ]),
  ];
}

function below(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`;
}

/** The constant that only repeats which alternative this is. */
function isTag(schema: JsonSchema, name: string): boolean {
  const values = constants(schema);
  return values.length === 1 && String(values[0]) === name;
}

function descriptionText(schema: JsonSchema): string {
  const { description } = schema;
  return typeof description === 'string' && description !== '' ? ` (${safeCell(description, 100)})` : '';
}
