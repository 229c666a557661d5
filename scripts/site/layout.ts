/** The frame of a page of the site: menu, search and content. It works from a folder, and asks no other machine for anything. */
import { MENU, type SitePage } from './pages.ts';
import type { RenderedPage } from './render.ts';

/** The whole HTML file. @param figure shown below the first paragraph */
export function pageHtml({ page, html }: RenderedPage, version: string, figure = ''): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'">
<title>${page.target === 'index.html' ? '' : `${escaped(page.title)} · `}TrueNAS MCP server</title>
<link rel="stylesheet" href="style.css">
<script src="search.js" defer></script>
</head>
<body>
<a class="skip" href="#content">To the content</a>
<nav aria-label="Pages">
<p class="name"><a href="index.html">TrueNAS MCP server</a> <small>${escaped(version)}</small></p>
<div role="search">
<input id="query" type="search" placeholder="Search" aria-label="Search the documentation" aria-controls="found" autocomplete="off">
<ol id="found" aria-live="polite"></ol>
</div>
${MENU.map(([group, pages]) => `<h2>${escaped(group)}</h2>\n<ul>\n${pages.map((each) => entry(each, page)).join('\n')}\n</ul>`).join('\n')}
</nav>
<main id="content">
${withFigure(html, figure)}</main>
</body>
</html>
`;
}

function withFigure(html: string, figure: string): string {
  const end = html.indexOf('</p>') + '</p>\n'.length;
  return figure === '' ? html : `${html.slice(0, end)}${figure}${html.slice(end)}`;
}

function entry(each: SitePage, current: SitePage): string {
  const mark = each === current ? ' aria-current="page"' : '';
  return `<li><a href="${each.target}"${mark}>${escaped(each.title)}</a></li>`;
}

/** Text for HTML. */
export function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
