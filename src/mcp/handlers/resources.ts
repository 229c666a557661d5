/** Resources in the terms of the protocol: lists, and reading one through the same steps as a tool call. */
import {
  ProtocolError,
  ProtocolErrorCode,
  type ReadResourceResult,
  type Resource as ListedResource,
  ResourceNotFoundError,
  type ResourceTemplateType,
  type ServerContext,
} from '@modelcontextprotocol/server';
import type { Caller } from '../../access/caller.ts';
import { InputProblem } from '../../output/problem.ts';
import { type Addressed, findResource, isTemplate } from '../../resources/address.ts';
import type { LoadedReading, Resource, Variables } from '../../resources/resource.ts';
import { isTrueNasError } from '../../truenas/errors.ts';
import type { DocumentAudit } from '../call/audit.ts';
import type { Answer } from '../call/middleware.ts';

/** What reading takes. */
export interface ReadDeps {
  readonly resources: readonly Addressed[];
  /** The steps around every call: failures explained, secrets taken out, size limited. */
  readonly answer: Answer;
  readonly caller: Caller;
  readonly context: ServerContext;
  readonly audit?: Pick<DocumentAudit, 'resource'> | undefined;
}

/** The entries of `resources/list`; asks no NAS. */
export function listResources(resources: readonly Addressed[]): ListedResource[] {
  return resources
    .filter((resource) => !isTemplate(resource))
    .map((resource) => ({ uri: resource.uri, ...described(resource) }));
}

/** The entries of `resources/templates/list`; asks no NAS. */
export function listTemplates(resources: readonly Addressed[]): ResourceTemplateType[] {
  return resources
    .filter(isTemplate)
    .map((resource) => ({ uriTemplate: resource.uri, ...described(resource) }));
}

function described({ name, title, description, mimeType }: Resource) {
  return { name, title, description, mimeType };
}

/**
 * Reads one resource.
 * @throws ResourceNotFoundError (-32602) when nothing has this URI, ProtocolError with what to do when it cannot be read.
 */
export async function readResource(uri: string, deps: ReadDeps): Promise<ReadResourceResult> {
  const found = findResource(deps.resources, uri);
  if (found === undefined) {
    deps.audit?.resource(uri, 'refused');
    throw new ResourceNotFoundError(uri);
  }
  const { resource, variables } = found;
  if (resource.kind === 'page') deps.audit?.resource(uri, 'ok');
  const text =
    resource.kind === 'page'
      ? resource.text()
      : await readThroughSteps(uri, resource.system, await resource.load(), variables, deps);
  return { contents: [{ uri, mimeType: resource.mimeType, text }] };
}

async function readThroughSteps(
  uri: string,
  system: string,
  loaded: LoadedReading,
  variables: Variables,
  { answer, caller, context }: ReadDeps,
): Promise<string> {
  let isMissing = false;
  const reading: LoadedReading = {
    ...loaded,
    async read(...args) {
      try {
        return await loaded.read(...args);
      } catch (error) {
        isMissing = error instanceof InputProblem || isTrueNasError(error, 'not-found');
        throw error;
      }
    },
  };
  const result = await answer({
    subject: { kind: 'reading', uri, reading, variables },
    args: {},
    system,
    caller,
    signal: context.mcpReq.signal,
    mcp: context,
  });
  const text = result.content.map((block) => (block.type === 'text' ? block.text : '')).join('\n');
  if (result.isError !== true) return text;
  if (isMissing) throw new ResourceNotFoundError(uri, text);
  throw new ProtocolError(ProtocolErrorCode.InternalError, text);
}
