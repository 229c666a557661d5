/** The tools over kinds of things. */
import { ITEMS, type Toolset } from '../toolset.ts';

export const items: Toolset = {
  name: ITEMS,
  title: 'Items',
  about: 'Things of any kind. The kinds belong to toolsets; both tools come with any that has one.',
  load: {
    list_items: async () => (await import('./list-items.ts')).listItemsOf(await kinds()),
    get_item: async () => (await import('./get-item.ts')).getItemOf(await kinds()),
  },
};

async function kinds() {
  return (await import('./kinds.ts')).loadKinds();
}
