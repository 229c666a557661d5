/** Every argument of every tool takes what people and models send for it, or refuses it by name. */
import { describe, expect, test } from 'vitest';
import type * as z from 'zod';
import { meantArguments } from '../../src/output/meant-arguments.ts';
import { type AnyReadTool, READ_TOOLS } from '../support/registry.ts';

interface Argument {
  readonly tool: AnyReadTool;
  readonly name: string;
  readonly isOptional: boolean;
  /** The schema itself, without what makes it optional. */
  readonly schema: z.core.$ZodTypes;
}

const ARGUMENTS: readonly Argument[] = READ_TOOLS.flatMap((tool) =>
  Object.entries(tool.input.shape as Record<string, z.core.$ZodTypes>).map(([name, given]) => {
    let schema = given;
    let isOptional = false;
    while (
      schema._zod.def.type === 'optional' ||
      schema._zod.def.type === 'default' ||
      schema._zod.def.type === 'nullable'
    ) {
      isOptional ||= schema._zod.def.type !== 'nullable';
      schema = schema._zod.def.innerType as z.core.$ZodTypes;
    }
    return { tool, name, isOptional, schema };
  }),
);

/** What the tool takes the arguments for. */
function taken(tool: AnyReadTool, args: Readonly<Record<string, unknown>>): unknown {
  return tool.input.parse(meantArguments(tool.input, args, tool.synonyms));
}

/** The arguments of the first example: those that a tool cannot do without. */
function required(tool: AnyReadTool, but: string): Record<string, unknown> {
  const names = ARGUMENTS.filter((each) => each.tool === tool && !each.isOptional).map(({ name }) => name);
  const [{ args }] = tool.examples;
  return Object.fromEntries(Object.entries(args).filter(([name]) => names.includes(name) && name !== but));
}

/** Forms of a value that mean the same, by the type of the argument. */
function forms({
  _zod: { def },
}: z.core.$ZodTypes): { readonly right: unknown; readonly sent: readonly unknown[] }[] {
  switch (def.type) {
    case 'number':
      return [{ right: 3, sent: ['3', ' 3 '] }];
    case 'boolean':
      return [
        { right: true, sent: ['true', 'True', ' TRUE '] },
        { right: false, sent: ['false', 'FALSE'] },
      ];
    case 'enum':
      return Object.values(def.entries).map((word) => ({
        right: word,
        sent: [String(word).toLowerCase(), String(word).toUpperCase(), ` ${String(word)} `],
      }));
    case 'array': {
      const [item] = forms(def.element as z.core.$ZodTypes);
      const right = item?.right ?? 'name';
      const isText = typeof right === 'string' || item === undefined;
      return [
        {
          right: [right],
          sent: [right, ...(isText ? [JSON.stringify([right])] : []), ...(item?.sent ?? [])],
        },
      ];
    }
    default:
      return [];
  }
}

const named = (list: readonly Argument[]) =>
  list.map((argument) => [`${argument.tool.name} ${argument.name}`, argument] as const);

describe('an argument that is not given', () => {
  test.each(named(ARGUMENTS.filter(({ isOptional }) => isOptional)))(
    '%s may be null or an empty text',
    (_, { tool, name }) => {
      const given = required(tool, name);
      for (const nothing of ['', null]) {
        expect(taken(tool, { ...given, [name]: nothing })).toEqual(taken(tool, given));
      }
    },
  );
});

describe('a value in another form', () => {
  const cases = named(ARGUMENTS.filter(({ schema }) => forms(schema).length > 0));

  test.each(cases)('%s is taken as it is meant', (_, { tool, name, schema }) => {
    const given = required(tool, name);
    for (const { right, sent } of forms(schema)) {
      const meant = taken(tool, { ...given, [name]: right });
      for (const form of sent) expect([form, taken(tool, { ...given, [name]: form })]).toEqual([form, meant]);
    }
  });

  test('there are arguments of every type', () => {
    const types = new Set(cases.map(([, { schema }]) => schema._zod.def.type));
    expect([...types].toSorted()).toEqual(['array', 'boolean', 'enum', 'number']);
  });
});

describe('what cannot be read safely', () => {
  test.each(
    named(ARGUMENTS.filter(({ schema }) => ['number', 'boolean', 'enum'].includes(schema._zod.def.type))),
  )('%s is refused by name, never passed over', (_, { tool, name }) => {
    const result = tool.input.safeParse(
      meantArguments(tool.input, { ...required(tool, name), [name]: 'perhaps 5' }, tool.synonyms),
    );
    expect(result.error?.issues.map((issue: z.core.$ZodIssue) => issue.path[0])).toEqual([name]);
  });
});
