/**
 * What a prompt is: a job that people have, as a list of calls to make and what to look for in each. Prompts look and
 * report; none of them tells a model to change anything. Skills (skills.ts) are made of the same objects.
 */
import type { Completion } from '../completions/completion.ts';

/** What a person filled in; an empty text counts as nothing. */
export type PromptArguments = Readonly<Record<string, string | undefined>>;

/** One thing a person may fill in; all are optional. */
export interface PromptArgument {
  readonly name: string;
  readonly description: string;
  readonly completion?: Completion;
}

/** One call, and what to look for in its answer. */
export interface Step {
  readonly tool: string;
  readonly args?: Readonly<Record<string, unknown>>;
  /** Completes the sentence "TOOL ARGUMENTS: …". */
  readonly look: string;
}

/** One thing that is done once the person has agreed: by a change tool, or by hand where no tool does it. */
export type Duty = ChangeDuty | { readonly does: string };

interface ChangeDuty {
  /** The change tool. */
  readonly tool: string;
  readonly args?: Readonly<Record<string, unknown>>;
  /** The page of the web interface for who is not offered the tool. */
  readonly page: string;
  /** A clause without a full stop. */
  readonly does: string;
}

/** One prompt. */
export interface Prompt {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  /** When a model should take the job up by itself: what people say or have then. Ends with a full stop. */
  readonly when: string;
  readonly arguments: readonly PromptArgument[];
  /** Tools without which it makes no sense; it is offered only with all of them. */
  readonly needs: readonly string[];
  /** What is wanted, in one or two sentences. */
  aim(args: PromptArguments): string;
  /** In order; steps whose tool is not offered are left out. */
  steps(args: PromptArguments): readonly Step[];
  /** What somebody who has done the job often knows; a skill says it, a prompt leaves it out. */
  readonly knowHow: readonly string[];
  /** The changes that the job ends in, in order; only a skill lists them. */
  readonly duties?: readonly Duty[];
  /** How to report. */
  readonly report: string;
}

/** Returns the prompt unchanged; its parts are checked where it is written. */
export function definePrompt(prompt: Prompt): Prompt {
  return prompt;
}
