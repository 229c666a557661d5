/** The script of the approval page asks for secrets, sends them once under their keys, and forgets them. */
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { PAGE_SCRIPT } from '../../src/changes/approval/page.ts';

/** As much of an element as the script uses. */
class Element {
  value = '';
  textContent = '';
  hidden = false;
  disabled = false;
  readonly children: Element[] = [];
  readonly handlers: Record<string, (event: object) => unknown> = {};
  replaceChildren(): void {
    this.children.length = 0;
  }
  append(...more: Element[]): void {
    this.children.push(...more);
  }
  addEventListener(name: string, handler: (event: object) => unknown): void {
    this.handlers[name] = handler;
  }
  focus(): void {}
  select(): void {}
}

/** The page with a server that answers the sign-in with these secrets; `sent` is what it was sent. */
function page(secrets: readonly object[]) {
  const elements = new Map<string, Element>();
  const sent: { path: string; body: Record<string, unknown> }[] = [];
  const byId = (id: string): Element => {
    const found = elements.get(id) ?? new Element();
    elements.set(id, found);
    return found;
  };
  const lists = { reasons: [], calls: [], diff: [], impact: [], undo: [], secrets: [], obstacles: [] };
  const shown = { token: 't', hash: 'h', preview: lists, secrets, moved: [], missingRoles: [] };
  runInNewContext(PAGE_SCRIPT, {
    document: {
      getElementById: byId,
      createElement: () => new Element(),
      querySelectorAll: () => [],
    },
    addEventListener: () => {},
    location: { pathname: '/plan' },
    fetch: async (path: string, { body }: { body: string }) => {
      sent.push({ path, body: JSON.parse(body) as Record<string, unknown> });
      return { status: 200, json: async () => (path === '/sign-in' ? shown : { text: 'DONE' }) };
    },
  });
  const event = { preventDefault: () => {} };
  return {
    sent,
    byId,
    signIn: async () => byId('sign-in').handlers['submit']?.(event),
    apply: async () => byId('apply').handlers['click']?.(event),
    inputs: () => byId('secrets').children.filter((_each, index) => index % 2 === 1),
  };
}

describe('the script of the approval page', () => {
  it('applies a plan without secrets at once', async () => {
    const { signIn, apply, sent } = page([]);
    await signIn();
    await apply();
    expect(sent.at(-1)).toEqual({ path: '/apply', body: { token: 't', hash: 'h', secrets: {} } });
  });

  it('asks for a known secret once, and sends nothing before it is typed', async () => {
    const { signIn, apply, sent, inputs, byId } = page([
      { key: 'k', label: 'passphrase of x', isNew: false },
    ]);
    await signIn();
    expect(inputs()).toHaveLength(1);
    await apply();
    expect(sent.map(({ path }) => path)).toEqual(['/sign-in']);
    expect(byId('message').textContent).toBe('Type what is asked for first.');
    const [input] = inputs();
    if (input === undefined) throw new Error('there is an input');
    input.value = 'correct horse';
    await apply();
    expect(sent.at(-1)?.body).toEqual({ token: 't', hash: 'h', secrets: { k: 'correct horse' } });
    expect(input.value).toBe('');
  });

  it('asks for a new one twice, and sends it only when both are the same', async () => {
    const { signIn, apply, sent, inputs, byId } = page([{ key: 'k', label: 'password of x', isNew: true }]);
    await signIn();
    const [first, again] = inputs();
    if (first === undefined || again === undefined) throw new Error('there are two inputs');
    first.value = 'correct horse';
    again.value = 'correct hose';
    await apply();
    expect(byId('message').textContent).toBe('The two are not the same.');
    expect(sent.map(({ path }) => path)).toEqual(['/sign-in']);
    again.value = 'correct horse';
    await apply();
    expect(sent.at(-1)?.body['secrets']).toEqual({ k: 'correct horse' });
  });
});
