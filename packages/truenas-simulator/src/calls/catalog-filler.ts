/**
 * `core.get_methods` in the size that it has on a NAS: the real descriptions of methods and fields are long. Their place
 * is taken by words of our own, spread over every schema node, so that a client meets the size and not a new shape.
 */

type Described = Readonly<Record<string, Record<string, unknown>>>;
type Node = Record<string, unknown>;

/** The descriptions with so much text that they are at least `bytes` long as JSON. */
export function filledCatalog(described: Described, bytes: number): Record<string, unknown> {
  const missing = bytes - JSON.stringify(described).length;
  const names = Object.keys(described);
  if (missing <= 0 || names.length === 0) return described;
  const nodes = names.reduce((sum, name) => sum + nodesOf(described[name]).length, 0);
  // A node's description is a key as well, with quotes, a colon and a comma.
  const perNode = Math.ceil(missing / (nodes + names.length));
  return Object.fromEntries(names.map((name) => [name, filledMethod(described[name] ?? {}, perNode)]));
}

function filledMethod(method: Node, length: number): Node {
  return {
    ...method,
    description: `${String(method['description'])}\n\n${prose(length)}`,
    accepts: filled(method['accepts'], length),
    returns: filled(method['returns'], length),
  };
}

function nodesOf(method: Node | undefined): Node[] {
  return [...walk(method?.['accepts']), ...walk(method?.['returns'])];
}

/** Every schema node, which is what has a type or branches. */
function* walk(value: unknown): Generator<Node> {
  if (value === null || typeof value !== 'object') return;
  if (!Array.isArray(value) && isSchema(value as Node)) yield value as Node;
  for (const inner of Object.values(value)) yield* walk(inner);
}

function isSchema(node: Node): boolean {
  return typeof node['type'] === 'string' || Array.isArray(node['anyOf']) || Array.isArray(node['oneOf']);
}

function filled(value: unknown, length: number): unknown {
  if (Array.isArray(value)) return value.map((item) => filled(item, length));
  if (value === null || typeof value !== 'object') return value;
  const node = Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, filled(inner, length)]));
  return isSchema(node) ? { description: prose(length), ...node } : node;
}

const SENTENCE =
  'Says in several sentences what the field is for, which values it takes, what it does when it is left out, and which ' +
  'other fields it goes together with. ';

function prose(length: number): string {
  return SENTENCE.repeat(Math.ceil(length / SENTENCE.length)).slice(0, length);
}
