/**
 * The question to the person within an MCP call: how the client can ask it, and its answer. The state that the client carries
 * from the question to the answer is sealed: it names the plan and its hash.
 */
import { acceptedContent, createRequestStateCodec, inputResponse } from '@modelcontextprotocol/server';
import { randomBytes } from 'node:crypto';
import type { Plan } from '../../changes/plan.ts';
import type { ClientAnswer } from '../../changes/request.ts';
import type { Call } from './middleware.ts';

/** The plan that a question is about, and how it was asked. */
export interface Asked {
  readonly plan: string;
  readonly hash: string;
  readonly way: 'form' | 'url';
}

/** Seals the state that a client carries from a question to its answer. */
export type StateSeal = ReturnType<typeof createStateSeal>;

/** Makes a seal with a key of this process: a state of another process, or an edited one, never reaches a tool. */
export function createStateSeal() {
  return createRequestStateCodec<Asked>({ key: randomBytes(32) });
}

/** Ways in which this client can ask a person. An empty elicitation capability stands for forms. */
export function waysOf({ clientCapabilities }: Call): { canShowForm: boolean; canOpenUrl: boolean } {
  const elicitation = clientCapabilities?.elicitation;
  if (elicitation === undefined) return { canShowForm: false, canOpenUrl: false };
  return {
    canShowForm: elicitation.form !== undefined || elicitation.url === undefined,
    canOpenUrl: elicitation.url !== undefined,
  };
}

/** The client's answer to a question of this process about this plan; undefined for any other. */
export function answerOf(call: Call, plan: Plan): ClientAnswer | undefined {
  const asked = call.mcp.mcpReq.requestState<Asked>();
  if (asked === undefined || asked.plan !== plan.id || asked.hash !== plan.hash) return undefined;
  const answer = inputResponse(call.mcp.mcpReq.inputResponses, 'change');
  if (answer.kind !== 'elicit') return undefined;
  const { way } = asked;
  if (answer.action !== 'accept') return { action: answer.action, way };
  if (way === 'url') return { action: 'accept', way };
  // A client may accept a form by itself: only the person sets the mark in it.
  const content = acceptedContent<{ apply?: unknown }>(call.mcp.mcpReq.inputResponses, 'change');
  return { action: content?.apply === true ? 'accept' : 'decline', way };
}
