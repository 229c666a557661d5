/** The base of all errors that a person reads and acts on. */

/** The parts of a {@link Problem}. */
export interface ProblemParts {
  /** One line for a person: what happened. */
  readonly summary: string;
  /** The next step; empty where nothing can be done. */
  readonly nextStep: string;
  readonly cause?: unknown;
}

/** A failure in words for a person: never a secret, never a stack. */
export abstract class Problem extends Error {
  readonly summary: string;
  readonly nextStep: string;

  /** @param message the one-line text of the error where it is not the summary alone. */
  constructor({ summary, nextStep, cause }: ProblemParts, message: string = summary) {
    super(message, cause === undefined ? undefined : { cause });
    this.summary = summary;
    this.nextStep = nextStep;
  }
}
