/** What the index holds, for those who write it and those who read it. */
export const SEARCH_OPTIONS = {
  fields: ['heading', 'text'],
  storeFields: ['page', 'heading'],
  searchOptions: { boost: { heading: 4 }, prefix: true, fuzzy: 0.15, combineWith: 'AND' as const },
};
