/** Whose key, limits and watches are meant: nothing that is made for one caller serves another. */

/** Somebody who asks. */
export interface Caller {
  readonly id: string;
}

/** Whoever uses the key of the configuration: the client on stdio, and everyone who knows the HTTP token. */
export const LOCAL_CALLER: Caller = { id: 'local' };
