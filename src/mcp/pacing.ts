/**
 * Change notices leave as fast as their client reads. One that is there and reads nothing must not fill the memory; a
 * notice says only that a resource has to be read again, so that of each resource one that waits is enough.
 */

/** Tells of a URI again only once the last notice of it has left. */
export function onceUntilSent(send: (uri: string) => Promise<void>): (uri: string) => void {
  const leaving = new Set<string>();
  return (uri) => {
    if (leaving.has(uri)) return;
    leaving.add(uri);
    void send(uri).finally(() => leaving.delete(uri));
  };
}

/** A response that streams notices. */
export interface NoticeStream {
  readonly uris: readonly string[];
  /** The same `send`, but what the client is not ready for waits, once per URI. */
  paced(send: (uri: string) => void): (uri: string) => void;
  /** The response to give instead: it knows when the client reads. */
  watched(response: Response): Response;
}

/** A stream that nobody reads yet. */
export function noticeStream(uris: readonly string[]): NoticeStream {
  const late = new Set<string>();
  let isAwaited = false;
  let tell: (uri: string) => void = () => {};
  return {
    uris,
    paced(send) {
      tell = send;
      return (uri) => {
        if (isAwaited) send(uri);
        else late.add(uri);
      };
    },
    watched(response) {
      if (response.body === null) return response;
      const reader = response.body.getReader();
      const body = new ReadableStream<Uint8Array>(
        {
          async pull(controller) {
            for (const uri of late) tell(uri);
            late.clear();
            isAwaited = true;
            const { done, value } = await reader.read();
            isAwaited = false;
            if (done) controller.close();
            else controller.enqueue(value);
          },
          cancel: (reason) => reader.cancel(reason),
        },
        { highWaterMark: 0 },
      );
      return new Response(body, response);
    },
  };
}
