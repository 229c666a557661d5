/** The documentation site: every page is on it, every link leads somewhere, the search finds, and it asks nobody else for anything. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import MiniSearch, { type AsPlainObject } from 'minisearch';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SITE_PAGES } from '../../scripts/site/pages.ts';
import { renderPage } from '../../scripts/site/render.ts';
import { SEARCH_OPTIONS } from '../../scripts/site/search-options.ts';
import { siteFiles } from '../../scripts/site/source.ts';
import { page, ROOT } from '../docs/pages.ts';
import { ensureBuilt } from '../support/built.ts';
import { conversationHtml } from '../../scripts/site/conversation-html.ts';

const folder = mkdtempSync(join(tmpdir(), 'truenas-mcp-site-'));
const text = (name: string) => readFileSync(join(folder, name), 'utf8');

beforeAll(async () => {
  await ensureBuilt();
  const { status, stderr } = spawnSync(process.execPath, ['scripts/site.mjs', '--outdir', folder], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(stderr);
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the site', () => {
  it('has a page for every document', () => {
    const documents = readdirSync(join(ROOT, 'docs')).filter((name) => name.endsWith('.md'));
    const sources = SITE_PAGES.map(({ source }) => source);
    expect(documents.filter((name) => !sources.includes(`docs/${name}`))).toEqual([]);
    expect(readdirSync(folder)).toEqual(expect.arrayContaining(SITE_PAGES.map(({ target }) => target)));
  });

  it('has no link within itself that leads nowhere', () => {
    const broken = SITE_PAGES.flatMap(({ target }) => {
      const links = [...text(target).matchAll(/(?:href|src)="([^":]*)"/g)].map((match) => match[1] ?? '');
      return links
        .filter(
          (link) => !/\.(?:md|mjs|ts|json|yml)(?:#|$)|^(?:\.\.?\/|\.github|LICENSE|packaging)/.test(link),
        )
        .filter((link) => {
          const [file = '', anchor] = link.split('#');
          const html = text(file === '' ? target : file);
          return anchor !== undefined && anchor !== '' && !html.includes(`id="${anchor}"`);
        })
        .map((link) => `${target}: ${link}`);
    });
    expect(broken).toEqual([]);
  });

  it('begins with a conversation that took place: questions, calls, and the answers of the server', () => {
    const figure = /<figure class="conversation">([\s\S]*?)<\/figure>/.exec(text('index.html'))?.[1] ?? '';
    expect(figure.match(/class="asks"/g)).toHaveLength(3);
    expect(figure).toContain('<code>get_pool {"pool":"backup","render":"image"}</code>');
    expect(figure).toMatch(/<pre>pool backup: DEGRADED/);
    expect(figure).toMatch(/sdi FAULTED/);
    // Without the optional package the text says why there is no image.
    const images = figure.match(/conversation-\d\.png/g) ?? [];
    expect([0, 2]).toContain(images.length);
    expect(images.filter((name) => !existsSync(join(folder, name)))).toEqual([]);
  });

  it('shows what a NAS says as text', () => {
    const hostile = '<script>alert(1)</script> & "quoted"';
    const html = conversationHtml([
      { question: hostile, tool: 'get_pool', args: { pool: hostile }, text: hostile },
    ]);
    expect(html).not.toContain('<script');
    expect(html).toContain('&lt;script&gt;alert(1)&lt;/script&gt; &amp; "quoted"');
  });

  it('loads nothing from elsewhere, and says so to the browser', () => {
    for (const { target } of SITE_PAGES) {
      const html = text(target);
      expect(html).toContain("default-src 'none'");
      expect(html.match(/<(?:script|link|img|iframe)[^>]*(?:https?:)?\/\//g) ?? []).toEqual([]);
    }
  });

  it('finds a setting, a tool and a heading', () => {
    const index = JSON.parse(
      text('search-index.js').replace(/^window\.searchIndex=|;\n$/g, ''),
    ) as AsPlainObject;
    const search = MiniSearch.loadJS(index, SEARCH_OPTIONS);
    expect(search.search('TRUENAS_SCOPE').map(({ id }) => String(id))).toContain('configuration.html#serve');
    expect(String(search.search('list_pools')[0]?.id)).toMatch(/^tools\.html#/);
    expect(String(search.search('reporting vulnerability')[0]?.id)).toBe(
      'security.html#reporting-a-vulnerability',
    );
    expect(search.search('nosuchword')).toEqual([]);
  });

  it('shows HTML of a document as text', () => {
    const [first] = SITE_PAGES;
    const { html } = renderPage(
      first ?? { source: '', target: '', title: '' },
      '# <img src=x onerror=alert(1)>\n\n[a](javascript:alert(1)) <script>alert(1)</script>\n',
    );
    expect(html).not.toMatch(/<script|<img|href="javascript/);
  });

  it('is not built with a link that leads nowhere', () => {
    const read = (source: string) =>
      source === 'docs/safety.md'
        ? `${page(source)}\n[gone](tools.md#no-such-heading) [file](no-such.md)\n`
        : page(source);
    expect(() => siteFiles(read, '1.0.0')).toThrow(
      /docs\/safety\.md: tools\.html#no-such-heading, docs\/safety\.md: no-such\.md/,
    );
  });
});
