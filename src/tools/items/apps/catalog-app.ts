import { defineKind } from '../kind.ts';
import { field } from '../../support/rows.ts';

/** Apps of the catalog, some hundred: the NAS filters, sorts and pages them. */
export const catalogApp = defineKind({
  name: 'catalog_app',
  toolset: 'apps',
  noun: 'catalog apps',
  about: 'what can be installed: version, train, categories, whether it is installed',
  words: ['catalog', 'catalogue', 'available app', 'app store', 'installable app'],
  sources: [{ method: 'app.available' }],
  row: { categories: field.texts },
  columns: {
    name: { type: 'text', from: 'name', isAlwaysThere: true, isKey: true, sort: 'asc' },
    train: { type: 'text', from: 'train', isAlwaysThere: true },
    version: { type: 'text', from: 'latest_version' },
    app_version: { type: 'text', from: 'latest_app_version' },
    installed: { type: 'flag', from: 'installed', isAlwaysThere: true },
    categories: { type: 'texts', value: ({ categories }) => categories },
    description: { type: 'text', from: 'description', maxLength: 80 },
    updated: { type: 'time', from: 'last_update', isOnDemand: true },
    recommended: { type: 'flag', from: 'recommended', isOnDemand: true },
    healthy: { type: 'flag', from: 'healthy', isOnDemand: true },
    rank: { type: 'number', from: 'popularity_rank', isOnDemand: true },
    title: { type: 'text', from: 'title', isOnDemand: true },
  },
  named: 'name',
  // Its readme is a page of HTML.
  alsoSelects: ['home', 'sources', 'tags', 'healthy_error', 'maintainers'],
  changedBy: ['upgrade_app'],
  examples: [
    { args: { name: 'n*', limit: 20 }, why: 'whether something can be installed' },
    {
      args: { filter: ['installed=true'], fields: ['version', 'updated', 'rank'] },
      why: 'what is installed',
    },
    { args: { filter: ['categories=media'], fields: ['description'] }, why: 'by category' },
  ],
  getExamples: [
    { args: { id: 'vaultwarden' }, why: 'by name' },
    { args: { id: 'no-such-app' }, why: 'a name that is none' },
  ],
});
