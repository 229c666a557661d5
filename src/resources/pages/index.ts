/** The reference pages. */
import { definePage, type Page } from '../resource.ts';
import { datasetPropertiesText } from './dataset-properties.ts';
import { queryFiltersText } from './query-filters.ts';
import { safetyText } from './safety.ts';

export const PAGES: readonly Page[] = [
  definePage({
    uri: 'truenas://docs/query-filters',
    name: 'query-filters',
    title: 'Query filters',
    description: 'How filters, select and sorting of query methods work.',
    text: queryFiltersText,
  }),
  definePage({
    uri: 'truenas://docs/dataset-properties',
    name: 'dataset-properties',
    title: 'Dataset properties',
    description: 'What the sizes and settings of a dataset mean.',
    text: datasetPropertiesText,
  }),
  definePage({
    uri: 'truenas://docs/safety',
    name: 'safety',
    title: 'Safety',
    description: 'What this server may do, and what it never does.',
    text: safetyText,
  }),
];
