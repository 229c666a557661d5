/** The pages of the documentation site, in the order of its menu. */

/** A page of the checkout, and its place on the site. */
export interface SitePage {
  /** Path in the checkout. */
  readonly source: string;
  /** File of the site. */
  readonly target: string;
  /** Its name in the menu. */
  readonly title: string;
}

/** The menu, by group. */
export const MENU: readonly (readonly [group: string, pages: readonly SitePage[]])[] = [
  [
    'Use',
    [
      page('README.md', 'index', 'Start'),
      page('docs/setup.md', 'setup', 'Set-up'),
      page('docs/configuration.md', 'configuration', 'Configuration'),
      page('docs/older-releases.md', 'older-releases', 'Older releases'),
      page('docs/tools.md', 'tools', 'Tools'),
      page('docs/kinds.md', 'kinds', 'Kinds of things'),
      page('docs/findings.md', 'findings', 'Findings'),
      page('docs/pictures.md', 'pictures', 'Pictures'),
      page('docs/resources.md', 'resources', 'Resources, prompts, skills'),
    ],
  ],
  [
    'Trust',
    [
      page('docs/safety.md', 'safety', 'Safety'),
      page('SECURITY.md', 'security', 'Security policy'),
      page('docs/performance.md', 'performance', 'Performance'),
      page('docs/acceptance.md', 'acceptance', 'Acceptance'),
    ],
  ],
  [
    'Project',
    [
      page('docs/architecture.md', 'architecture', 'Architecture'),
      page('packages/truenas-simulator/README.md', 'simulator', 'The simulator'),
      page('CONTRIBUTING.md', 'contributing', 'Contributing'),
      page('docs/releasing.md', 'releasing', 'Releasing'),
      page('CHANGELOG.md', 'changelog', 'Changelog'),
    ],
  ],
];

/** All pages. */
export const SITE_PAGES: readonly SitePage[] = MENU.flatMap(([, pages]) => pages);

function page(source: string, name: string, title: string): SitePage {
  return { source, target: `${name}.html`, title };
}
