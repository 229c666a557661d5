import { PlainError } from '../errors/exceptions.ts';

/**
 * A query that the NAS refuses. `phase` tells bad filters or options (`validation`) from a comparison that
 * failed on a row (`evaluation`); `className` is the exception the NAS raises, e.g. `TypeError`.
 */
export class QueryError extends PlainError {
  readonly phase: 'validation' | 'evaluation';

  constructor(message: string, className: string, phase: 'validation' | 'evaluation') {
    super(message, className);
    this.phase = phase;
  }
}

/** Bad filters or options. */
export function invalid(message: string): QueryError {
  return new QueryError(message, 'ValueError', 'validation');
}

/** A failed comparison. */
export function failed(message: string, className = 'TypeError'): QueryError {
  return new QueryError(message, className, 'evaluation');
}
