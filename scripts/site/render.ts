/** Turns a page of Markdown into HTML and into what the search looks through. Links between pages of the checkout become those of the site. */
import { basename, dirname, join } from 'node:path/posix';
import MarkdownIt from 'markdown-it';
import { SITE_PAGES, type SitePage } from './pages.ts';

/** A part of a page that a search can find. */
export interface Section {
  /** `tools.html#list-pools`. */
  readonly id: string;
  readonly page: string;
  readonly heading: string;
  readonly text: string;
}

/** A page as it was rendered. */
export interface RenderedPage {
  readonly page: SitePage;
  readonly html: string;
  readonly sections: readonly Section[];
  /** Ids of its headings. */
  readonly anchors: ReadonlySet<string>;
  /** Pages and anchors of the site that it refers to. */
  readonly links: readonly { readonly target: string; readonly anchor: string }[];
  /** Links to files that are in the checkout and not on the site. */
  readonly files: readonly string[];
}

/** Renders a page. HTML in it is shown as text: whatever a generated page quotes stays text. */
export function renderPage(page: SitePage, markdown: string): RenderedPage {
  const parser = new MarkdownIt({ html: false, linkify: false });
  const source = markdown.replace(/^<!--[\s\S]*?-->\n?/gm, '');
  const tokens = parser.parse(source, {});
  const anchors = new Set<string>();
  const links: { target: string; anchor: string }[] = [];
  const files: string[] = [];
  const sections: Section[] = [];
  let heading = page.title;
  let id = page.target;
  let texts: string[] = [];
  const finish = () => {
    if (texts.length > 0) sections.push({ id, page: page.title, heading, text: texts.join(' ') });
    texts = [];
  };
  for (const [position, token] of tokens.entries()) {
    if (token.type === 'heading_open') {
      finish();
      heading = plainText(tokens[position + 1]?.children ?? []);
      const anchor = uniqueAnchor(heading, anchors);
      token.attrSet('id', anchor);
      id = `${page.target}#${anchor}`;
    }
    if (token.type === 'fence' || token.type === 'code_block') texts.push(token.content);
    if (token.type !== 'inline') continue;
    texts.push(plainText(token.children ?? []));
    for (const child of token.children ?? []) {
      if (child.type === 'image') {
        const file = String(child.attrGet('src') ?? '');
        files.push(file);
        child.attrSet('src', `pictures/${basename(file)}`);
      }
      if (child.type !== 'link_open') continue;
      const href = String(child.attrGet('href') ?? '');
      const target = siteTarget(page, href);
      if (target === undefined) {
        if (!/^[a-z]+:/.test(href)) files.push(href);
        continue;
      }
      links.push(target);
      child.attrSet(
        'href',
        `${target.target === page.target && target.anchor !== '' ? '' : target.target}${target.anchor === '' ? '' : `#${target.anchor}`}`,
      );
    }
  }
  finish();
  const html = parser.renderer
    .render(tokens, parser.options, {})
    .replaceAll('<table>', '<div class="table"><table>')
    .replaceAll('</table>', '</table></div>');
  return { page, html, sections, anchors, links, files };
}

/** The place on the site that a link of a page leads to; undefined for another site, and for a file that is not on it. */
function siteTarget(page: SitePage, href: string): { target: string; anchor: string } | undefined {
  if (/^[a-z]+:/.test(href)) return undefined;
  const [path = '', anchor = ''] = href.split('#', 2);
  if (path === '') return { target: page.target, anchor };
  const file = join(dirname(page.source), path);
  const found = SITE_PAGES.find(({ source }) => source === file);
  return found === undefined ? undefined : { target: found.target, anchor };
}

function plainText(children: readonly { readonly type: string; readonly content: string }[]): string {
  return children
    .map(({ type, content }) =>
      type === 'text' || type === 'code_inline' ? content : type.endsWith('break') ? ' ' : '',
    )
    .join('');
}

/** As forges make anchors of headings, so that links work there and here. */
function uniqueAnchor(heading: string, taken: Set<string>): string {
  const base = heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replaceAll(' ', '-');
  let anchor = base;
  for (let count = 1; taken.has(anchor); count += 1) anchor = `${base}-${count}`;
  taken.add(anchor);
  return anchor;
}
