/** Everything that the site is made from, for the script that writes it. */
import MiniSearch from 'minisearch';
import { conversationHtml, type Turn } from './conversation-html.ts';
import { pageHtml } from './layout.ts';
import { SITE_PAGES } from './pages.ts';
import { renderPage, type RenderedPage } from './render.ts';
import { SEARCH_OPTIONS } from './search-options.ts';

/** A file of the site. */
export interface SiteFile {
  readonly path: string;
  readonly text: string;
}

/**
 * The site's pages and index. @param turns a conversation for the first page
 * @throws Error for a link that leads nowhere
 */
export function siteFiles(
  read: (source: string) => string,
  version: string,
  turns: readonly Turn[] = [],
): SiteFile[] {
  const pages = SITE_PAGES.map((page) => renderPage(page, read(page.source)));
  const broken = brokenLinks(pages, read);
  if (broken.length > 0) throw new Error(`links that lead nowhere: ${broken.join(', ')}`);
  const search = new MiniSearch(SEARCH_OPTIONS);
  search.addAll(pages.flatMap(({ sections }) => sections));
  return [
    ...pages.map((page) => ({
      path: page.page.target,
      text: pageHtml(page, version, page.page.target === 'index.html' ? conversationHtml(turns) : ''),
    })),
    { path: 'search-index.js', text: `window.searchIndex=${JSON.stringify(search)};\n` },
  ];
}

/** Links to headings that no page has, and to files that the checkout has not. */
export function brokenLinks(pages: readonly RenderedPage[], read: (source: string) => string): string[] {
  const byTarget = new Map(pages.map((page) => [page.page.target, page]));
  return pages.flatMap(({ page, links, files }) => [
    ...links
      .filter(({ target, anchor }) => anchor !== '' && byTarget.get(target)?.anchors.has(anchor) !== true)
      .map(({ target, anchor }) => `${page.source}: ${target}#${anchor}`),
    ...files.filter((file) => !isReadable(page.source, file, read)).map((file) => `${page.source}: ${file}`),
  ]);
}

function isReadable(source: string, file: string, read: (source: string) => string): boolean {
  try {
    const folder = source.includes('/') ? `${source.slice(0, source.lastIndexOf('/'))}/` : '';
    read(`${folder}${file.split('#')[0] ?? ''}`);
    return true;
  } catch {
    return false;
  }
}
