import { query } from '../../../truenas/query.ts';
import { field, rawRowsOf, rowsOf } from '../../support/rows.ts';
import { defineKind, joined } from '../kind.ts';
import { notesWithoutApps } from './docker-note.ts';

/** Docker images of apps. They are few, and are called by a tag, of which one may have none or several. */
export const appImage = defineKind({
  name: 'app_image',
  toolset: 'apps',
  noun: 'app images',
  about: 'tags, size, newer one available, which apps use it, left behind',
  words: ['image', 'docker image'],
  sources: [
    {
      uses: ['app.image.query'],
      read: async (nas) => rawRowsOf(await nas.call('app.image.query', query({ limit: MAX_IMAGES }))),
    },
  ],
  row: { id: field.text, repo_tags: field.texts, used_by: joined<string[]>() },
  columns: {
    tag: {
      type: 'text',
      value: ({ id, repo_tags: tags }) => tags?.[0] ?? shortId(id),
      isKey: true,
      sort: 'asc',
      maxLength: 80,
    },
    size: { type: 'bytes', from: 'size', sort: 'desc' },
    update: { type: 'flag', from: 'update_available' },
    dangling: { type: 'flag', from: 'dangling' },
    used_by: { type: 'texts', value: (row) => row.used_by },
    created: { type: 'time', from: 'created', sort: 'desc' },
    tags: { type: 'texts', value: ({ repo_tags: tags }) => tags, isOnDemand: true },
    id: { type: 'text', value: ({ id }) => shortId(id), isOnDemand: true },
  },
  named: 'tag',
  ids: ['id'],
  hides: ['parsed_repo_tags'],
  whenEmpty: notesWithoutApps,
  joins: [
    {
      columns: ['used_by'],
      uses: ['app.query'],
      async read(nas) {
        const used = field.object({ images: field.texts });
        const result = await nas.call(
          'app.query',
          query({ select: ['name', 'active_workloads'], limit: MAX_IMAGES }),
        );
        const apps = rowsOf(result, { name: field.text, active_workloads: used });
        const isUntold = apps.some((each) => each.active_workloads?.images?.length !== undefined) === false;
        return {
          add({ repo_tags: tags }) {
            if (tags === null || (isUntold && apps.length > 0)) return {};
            const names = apps
              .filter((each) => each.active_workloads?.images?.some((image) => tags.includes(image)) === true)
              .map(({ name }) => name ?? '?');
            return { used_by: names };
          },
          notes: ['(used_by: by apps that are up; one that is stopped does not tell its images)'],
        };
      },
    },
  ],
  mayLack: [{ method: 'app.query' }, { method: 'docker.status' }],
  examples: [
    { args: {}, why: 'what takes space' },
    { args: { name: 'paperless' }, why: 'one that is not there' },
    {
      args: { filter: ['dangling=true'], fields: ['id', 'size', 'tags'] },
      why: 'what no app needs any more',
    },
  ],
  getExamples: [
    { args: { id: 'jellyfin/jellyfin:10.10.3' }, why: 'by tag' },
    { args: { id: 'no/such:image' }, why: 'a tag that is none' },
  ],
});

/** Images, and apps that use them. */
const MAX_IMAGES = 2_000;

/** The twelve digits by which Docker shows an image. */
function shortId(id: string | null): string | null {
  return id === null ? null : id.replace(/^sha256:/u, '').slice(0, 12);
}
