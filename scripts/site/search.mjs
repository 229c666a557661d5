/** The search of the site, in the reader's browser: the index is a script, so that it also works from a folder. */
import MiniSearch from 'minisearch';
import { SEARCH_OPTIONS } from './search-options.ts';

const MAX_SHOWN = 12;
const query = document.querySelector('#query');
const found = document.querySelector('#found');
let index;

query.addEventListener('focus', () => load(), { once: true });
query.addEventListener('input', () => void show(query.value));

/** The index is loaded when somebody is about to search. */
function load() {
  index ??= new Promise((resolve, reject) => {
    const script = document.createElement('script');
    script.src = 'search-index.js';
    script.addEventListener('load', () => resolve(MiniSearch.loadJS(window.searchIndex, SEARCH_OPTIONS)));
    script.addEventListener('error', () => reject(new Error('the index cannot be loaded')));
    document.head.append(script);
  });
  return index;
}

async function show(text) {
  const results = text.trim() === '' ? [] : (await load()).search(text).slice(0, MAX_SHOWN);
  found.replaceChildren(
    ...results.map(({ id, page, heading }) => {
      const link = document.createElement('a');
      link.href = id;
      // As text: whatever a page quotes becomes no markup.
      link.textContent = page === heading ? heading : `${heading} (${page})`;
      const item = document.createElement('li');
      item.append(link);
      return item;
    }),
  );
}
