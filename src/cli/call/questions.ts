/** Answers the questions of the server at the terminal: consent by a form, approval by a sign-in as `approve` asks for it. */
import type { Client } from '@modelcontextprotocol/client';
import { approvePlan } from '../approve.ts';
import { type Terminal, TerminalClosed } from '../terminal.ts';

/** What was asked while a tool was called. */
export interface Asking {
  /** The person has agreed to the plan that they were shown; its form needs no second answer. */
  agree(): void;
  /** Fires when a question came and stays without an answer; its reason is the text for whoever called. */
  readonly undecided: AbortSignal;
}

const NEEDS_A_PERSON =
  'NOT APPLIED: this change needs a person, and no terminal is there to ask at. Run the same command in a terminal, or look at the change with plan_change.';

const UNDECIDED = 'NOT APPLIED: nobody approved it. Nothing was changed.';

/** Registers the handler. */
export function answerQuestions(client: Client, person: Terminal | undefined): Asking {
  const nobody = new AbortController();
  let hasAgreed = false;
  /** The server would wait on for a person elsewhere, and the plan ends with this process. */
  const unanswered = (why: string) => {
    nobody.abort(why);
    return { action: 'cancel' as const };
  };
  client.setRequestHandler('elicitation/create', async ({ params }) => {
    if (person === undefined) return unanswered(NEEDS_A_PERSON);
    try {
      if (params.mode === 'url') {
        // The address ends with the plan; the sign-in and the preview go over the socket of the server.
        const isDecided = await approvePlan(person, new URL(params.url).pathname.slice(1));
        return isDecided ? { action: 'accept' } : unanswered(UNDECIDED);
      }
      const apply = hasAgreed || (await wantsIt(person, params.message));
      hasAgreed = false;
      return apply ? { action: 'accept', content: { apply } } : { action: 'decline' };
    } catch (error) {
      if (error instanceof TerminalClosed) return unanswered(UNDECIDED);
      throw error;
    }
  });
  return {
    agree() {
      hasAgreed = true;
    },
    undecided: nobody.signal,
  };
}

/** Shows a text and asks whether to apply what it says. */
export async function wantsIt(person: Terminal, text: string): Promise<boolean> {
  person.say(text);
  return (await person.ask('Apply it? Type "apply", or anything else to leave it: ')).trim() === 'apply';
}
