/** Resources in the terms of the protocol: lists, and reading one through the same steps as a tool call. */
import {
  type CallToolResult,
  ProtocolError,
  ProtocolErrorCode,
  type ReadResourceResult,
  type Resource as ListedResource,
  ResourceNotFoundError,
  type ResourceTemplateType,
  type ServerContext,
} from '@modelcontextprotocol/server';
import { z } from 'zod';
import { InputProblem } from '../../output/problem.ts';
import {
  findResource,
  isTemplate,
  type LiveResource,
  offeredResources,
  type Resource,
  type Variables,
} from '../../resources/index.ts';
import type { AnyReadTool } from '../../tools/define.ts';
import { isTrueNasError } from '../../truenas/errors.ts';
import type { ToolCall } from '../call/middleware.ts';

/** What reading takes. */
export interface Reader {
  readonly toolNames: ReadonlySet<string>;
  /** The steps around every tool call: failures explained, secrets taken out, size limited. */
  readonly answer: (call: ToolCall) => Promise<CallToolResult>;
  readonly context: ServerContext;
}

/** The entries of `resources/list`; asks no NAS. */
export function listResources(toolNames: ReadonlySet<string>): ListedResource[] {
  return offeredResources(toolNames)
    .filter((resource) => !isTemplate(resource))
    .map((resource) => ({ uri: resource.uri, ...described(resource) }));
}

/** The entries of `resources/templates/list`; asks no NAS. */
export function listTemplates(toolNames: ReadonlySet<string>): ResourceTemplateType[] {
  return offeredResources(toolNames)
    .filter(isTemplate)
    .map((resource) => ({ uriTemplate: resource.uri, ...described(resource) }));
}

/** True when the URI fits a resource, whether or not the NAS has what it names. */
export function hasResource(uri: string, toolNames: ReadonlySet<string>): boolean {
  return findResource(offeredResources(toolNames), uri) !== undefined;
}

/**
 * Reads one resource.
 * @throws ResourceNotFoundError (-32602) when nothing has this URI, ProtocolError with what to do when it cannot be read.
 */
export async function readResource(uri: string, reader: Reader): Promise<ReadResourceResult> {
  const found = findResource(offeredResources(reader.toolNames), uri);
  if (found === undefined) throw new ResourceNotFoundError(uri);
  const { resource, variables } = found;
  const text = resource.kind === 'page' ? resource.text() : await readLive(uri, resource, variables, reader);
  return { contents: [{ uri, mimeType: resource.mimeType, text }] };
}

async function readLive(
  uri: string,
  resource: LiveResource,
  variables: Variables,
  { answer, context }: Reader,
): Promise<string> {
  let isMissing = false;
  const tool = asTool(resource, variables, () => {
    isMissing = true;
  });
  const result = await answer({ tool, args: {}, signal: context.mcpReq.signal, mcp: context });
  const text = result.content.map((block) => (block.type === 'text' ? block.text : '')).join('\n');
  if (result.isError !== true) return text;
  if (isMissing) throw new ResourceNotFoundError(uri, text);
  throw new ProtocolError(ProtocolErrorCode.InternalError, text);
}

/** A resource in the shape that the steps of a tool call work on. */
function asTool(resource: LiveResource, variables: Variables, onMissing: () => void): AnyReadTool {
  return {
    name: resource.uri,
    toolset: 'system',
    access: 'read',
    title: resource.title,
    description: resource.description,
    input: NOTHING,
    output: NOTHING,
    uses: resource.uses,
    ...(resource.carriesFreeText ? { carriesFreeText: true } : {}),
    async run(nas, _input, context) {
      try {
        return { text: (await resource.read(nas, variables, context)).text, data: {} };
      } catch (error) {
        if (error instanceof InputProblem || isTrueNasError(error, 'not-found')) onMissing();
        throw error;
      }
    },
  };
}

const NOTHING = z.object({});

function described({ name, title, description, mimeType }: Resource) {
  return { name, title, description, mimeType };
}
