/** `app.available` and `app.image.*`: what can be installed, and the images that are there. */
import type { MethodContext, SimMethod } from '../calls/method.ts';
import { isAtLeast, type SimRelease } from '../releases.ts';
import { text } from '../schema/schema.ts';
import { type AppImage, CATALOG, type CatalogApp, imagesOf } from '../world/app-catalog.ts';
import { DAY_MS } from '../world/units.ts';
import { type ApiRow, ONLY_27_0, readable, UNTIL_25_10 } from './common.ts';

export const APP_CATALOG_METHODS: readonly SimMethod[] = [
  {
    name: 'app.available',
    description: 'Apps that the catalog offers.',
    roles: ['CATALOG_READ'],
    filterable: true,
    run: (context: MethodContext) => CATALOG.map((app, index) => catalogRow(context, app, index)),
  },
  ...images('ContainerImages', UNTIL_25_10),
  ...images('AppImage', ONLY_27_0),
];

function images(entity: string, releases: readonly SimRelease[]): SimMethod[] {
  return readable({
    namespace: 'app.image',
    entity,
    releases,
    what: 'container images',
    roles: ['APPS_READ'],
    id: text(),
    rows: ({ world }) =>
      world.workloads.docker === 'RUNNING'
        ? imagesOf(world.workloads.apps, world.createdAtMs).map(imageRow)
        : [],
  });
}

function catalogRow({ world, release }: MethodContext, app: CatalogApp, index: number): ApiRow {
  const { name, train } = app;
  const title = name.charAt(0).toUpperCase() + name.slice(1);
  return {
    app_readme: `<h1>${title}</h1><p>${app.description}</p>`,
    categories: [...app.categories],
    description: app.description,
    healthy: true,
    healthy_error: null,
    home: `https://${name}.example.org/`,
    location: `/mnt/.ix-apps/truenas_catalog/trains/${train}/${name}`,
    latest_version: app.version,
    latest_app_version: app.humanVersion,
    latest_human_version: `${app.humanVersion}_${app.version}`,
    last_update: new Date(world.createdAtMs - app.updatedDaysAgo * DAY_MS),
    name,
    recommended: train === 'stable' && index % 2 === 0,
    title,
    maintainers: [{ name: 'catalog', email: 'catalog@example.org', url: null }],
    tags: [...app.categories],
    screenshots: [],
    sources: [`https://github.example.org/${name}`],
    icon_url: null,
    catalog: 'TRUENAS',
    installed: world.workloads.apps.some((each) => each.name === name),
    train,
    ...(isAtLeast(release, '25.10') ? { popularity_rank: index + 1 } : {}),
  };
}

function imageRow({ id, tags, digest, sizeBytes, createdMs }: AppImage): ApiRow {
  return {
    id,
    repo_tags: [...tags],
    repo_digests: [digest],
    size: sizeBytes,
    dangling: tags.length === 0,
    update_available: tags.some((tag) => tag.startsWith('jellyfin/')),
    created: new Date(createdMs).toISOString(),
    author: '',
    comment: '',
    parsed_repo_tags: tags.map((tag) => {
      const [image = '', version = ''] = tag.split(':');
      return {
        reference: tag,
        image,
        tag: version,
        registry: 'registry-1.docker.io',
        complete_tag: `registry-1.docker.io/${tag}`,
        reference_is_digest: false,
      };
    }),
  };
}
