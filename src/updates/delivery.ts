/**
 * Delivers updates as fast as their client reads. A client that stops reading must not grow the queue: an update says only
 * that a resource has to be read again, so one per URI is enough.
 */

/**
 * Delivers the updates of each URI one after the other by `send`, which never rejects and resolves when the update has left.
 * Updates that come meanwhile are delivered as one, afterwards: the client may have read the resource before it changed.
 */
export function coalesced(send: (uri: string) => Promise<void>): (uri: string) => void {
  /** The URIs being sent; true for one that has changed again. */
  const sending = new Map<string, boolean>();
  const deliver = (uri: string): void => {
    if (sending.has(uri)) return void sending.set(uri, true);
    sending.set(uri, false);
    void send(uri).finally(() => {
      const hasChanged = sending.get(uri);
      sending.delete(uri);
      if (hasChanged === true) deliver(uri);
    });
  };
  return deliver;
}
