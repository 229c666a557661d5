/**
 * The methods that the connected NAS has said it does not know. A release tells what to expect; betas, nightly builds and
 * releases to come differ from it, so the NAS's own word goes first, until the connection ends.
 */
import { isTrueNasError } from '../errors.ts';

/** The methods of the present connection, as far as calls have shown. */
export interface OfferedMethods {
  /** True when the NAS has said that it has no such method. */
  isMissing(name: string): boolean;
  /** Notes what an error tells of the method that was called. */
  failed(name: string, error: unknown): void;
}

/** Nothing is known yet. @param epoch counts up with every connection. */
export function createOfferedMethods(epoch: () => number): OfferedMethods {
  const missing = new Set<string>();
  let knownEpoch = 0;

  /** Behind another connection may be another release. */
  function forgetIfNew(): void {
    if (knownEpoch === epoch()) return;
    knownEpoch = epoch();
    missing.clear();
  }

  return {
    isMissing(name) {
      forgetIfNew();
      return missing.has(name);
    },
    failed(name, error) {
      forgetIfNew();
      // With an error number it is a method inside this one that is missing.
      if (isTrueNasError(error, 'method-missing') && error.errno === undefined) missing.add(name);
    },
  };
}
