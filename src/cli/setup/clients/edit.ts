/**
 * Puts an entry into the text of a client's configuration, or takes it out. Comments, order and all other entries stay; a
 * text where that cannot be done is refused rather than written anew.
 */
import { isDeepStrictEqual } from 'node:util';
import { type ParseError, parse as parseJson } from 'jsonc-parser';
import { SetupStopped } from '../asker.ts';
import type { McpClient } from './catalogue.ts';
import { editJson } from './edit-json.ts';

/** The form of a configuration. */
type Format = Pick<McpClient, 'format' | 'under' | 'reads'>;
type Entry = Readonly<Record<string, unknown>>;

/** The text with the entry, or without it when `entry` is undefined. @throws SetupStopped when the text cannot be understood */
export async function withEntry(
  text: string,
  format: Format,
  name: string,
  entry: Entry | undefined,
): Promise<string> {
  const mark = text.startsWith('\uFEFF') ? '\uFEFF' : '';
  const bare = text.slice(mark.length);
  const before = await parsedText(bare, format);
  if (entry !== undefined && isDeepStrictEqual(entryIn(before, format, name), jsonForm(entry))) return text;
  const edited = await EDITORS[format.format](bare, [...format.under, name], entry);
  // Whatever the editor did: nothing but this entry may differ.
  const after = await parsedText(edited, format);
  const isRight =
    isDeepStrictEqual(entryIn(after, format, name), entry === undefined ? undefined : jsonForm(entry)) &&
    isDeepStrictEqual(withoutEntry(before, format, name), withoutEntry(after, format, name));
  if (!isRight)
    throw new SetupStopped(
      'The entry cannot be put there without touching other parts of the file.',
      BY_HAND,
    );
  return mark + edited;
}

/** The entry of this name as it stands in the text. @throws SetupStopped when the text cannot be understood */
export async function entryOf(text: string, format: Format, name: string): Promise<unknown> {
  return entryIn(await parsedText(text.replace(/^\uFEFF/, ''), format), format, name);
}

const BY_HAND = 'Put it there by hand; the configuration is printed below.';

type Editor = (text: string, path: readonly string[], entry: Entry | undefined) => string | Promise<string>;

const EDITORS: Readonly<Record<McpClient['format'], Editor>> = {
  json: editJson,
  toml: async (...parts) => (await import('./edit-toml.ts')).editToml(...parts),
  yaml: async (...parts) => (await import('./edit-yaml.ts')).editYaml(...parts),
};

/** @throws SetupStopped */
async function parsedText(text: string, { format, reads }: Format): Promise<unknown> {
  try {
    if (format === 'json') return jsonValue(text, reads);
    // Each library makes objects of its own sort, which are compared below.
    if (format === 'toml') return jsonForm((await import('smol-toml')).parse(text));
    return jsonForm((await import('yaml')).parse(text) ?? {});
  } catch (error) {
    if (error instanceof SetupStopped) throw error;
    throw new SetupStopped(`The file cannot be read as ${format.toUpperCase()}.`, BY_HAND);
  }
}

function jsonForm(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

function jsonValue(text: string, reads: McpClient['reads']): unknown {
  if (text.trim() === '') return {};
  const errors: ParseError[] = [];
  const value: unknown = parseJson(text, errors, { allowTrailingComma: true });
  if (errors.length > 0) throw new SetupStopped('The file cannot be read as JSON.', BY_HAND);
  parseJson(text, errors, {
    allowTrailingComma: reads === undefined,
    disallowComments: reads === 'plain JSON',
  });
  if (errors.length > 0)
    throw new SetupStopped(
      `The file has ${reads === 'plain JSON' ? 'a comment or ' : ''}a comma too many, and this client reads no such file.`,
      'Take that out of it and run setup again.',
    );
  return value;
}

function entryIn(value: unknown, { under }: Format, name: string): unknown {
  return [...under, name].reduce<unknown>((inner, key) => (isRecord(inner) ? inner[key] : undefined), value);
}

/** The value without the entry, and without the object that held nothing else. */
function withoutEntry(value: unknown, { under }: Format, name: string): unknown {
  const [first, ...rest] = [...under, name];
  return without(value, first ?? '', rest);
}

function without(value: unknown, key: string, rest: readonly string[]): unknown {
  if (!isRecord(value)) return value ?? {};
  const { [key]: inner, ...others } = value;
  const [next, ...more] = rest;
  if (next === undefined || inner === undefined || inner === null) return others;
  const left = without(inner, next, more);
  return isRecord(left) && Object.keys(left).length === 0 ? others : { ...others, [key]: left };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
