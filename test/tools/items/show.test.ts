import { test } from 'vitest';
import { useTools } from '../../support/tools.ts';
const bench = useTools({ release: '25.10' });
test('show', async () => {
  for (const [tool, args] of [
    ['list_items', { kind: 'user' }],
    ['list_items', { kind: 'users', filter: ['builtin=true'], fields: ['home', 'shell'], limit: 3 }],
    ['list_items', { kind: 'user', filter: ['uid>900', 'sudo~all'], sort: '-uid' }],
    ['list_items', { kind: 'user', filter: 'lockd=true' }],
    ['get_item', { kind: 'user', id: 'root' }],
    ['get_item', { kind: 'user', id: 'rot' }],
    ['get_item', { kind: 'certificate', id: 1 }],
  ] as const)
    console.log(
      tool,
      JSON.stringify(args),
      '\n' + (await bench.ask(tool, args as never).catch((e: unknown) => String(e))),
    );
});
