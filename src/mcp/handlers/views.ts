/** Views in the terms of the protocol (extension io.modelcontextprotocol/ui): on tools, in the list of resources, and their page. */
import {
  type ReadResourceResult,
  type Resource as ListedResource,
  ResourceNotFoundError,
  type Tool as Definition,
} from '@modelcontextprotocol/server';
import type { ViewName } from '../../tools/view-names.ts';
import { VIEW_TEXTS, viewOfUri, viewUri } from '../../ui/views.ts';
import type { DocumentAudit } from '../call/audit.ts';
import { VIEW_MIME_TYPE } from '../client-capabilities.ts';

/** The tool's entry with its view, which no model sees. */
export function withView(definition: Definition, view: ViewName | undefined): Definition {
  if (view === undefined) return definition;
  return { ...definition, _meta: { ...definition._meta, ui: { resourceUri: viewUri(view) } } };
}

/** The entries of `resources/list` for these views, each once. */
export function listViews(views: ReadonlyMap<string, ViewName>): ListedResource[] {
  return [...new Set(views.values())].map((view) => ({
    uri: viewUri(view),
    name: `view-${view}`,
    title: `View: ${VIEW_TEXTS[view].title}`,
    description: VIEW_TEXTS[view].description,
    mimeType: VIEW_MIME_TYPE,
    _meta: META,
  }));
}

/** The page of a view. @throws ResourceNotFoundError (-32602) when no listed tool has it */
export async function readView(
  uri: string,
  views: ReadonlyMap<string, ViewName>,
  audit: Pick<DocumentAudit, 'resource'> | undefined,
): Promise<ReadResourceResult> {
  const view = viewOfUri(uri);
  if (view === undefined || ![...views.values()].includes(view)) {
    audit?.resource(uri, 'refused');
    throw new ResourceNotFoundError(uri);
  }
  audit?.resource(uri, 'ok');
  const { viewPage } = await import('../../ui/view-page.ts');
  return { contents: [{ uri, mimeType: VIEW_MIME_TYPE, text: viewPage(view), _meta: META }] };
}

/** No origin of any kind is asked for: the page reaches nothing. */
const META = { ui: { csp: {}, prefersBorder: true } } as const;
