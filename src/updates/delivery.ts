/**
 * Change notices leave as fast as their client reads. One that is there and reads nothing must not fill the memory; a
 * notice says only that a resource has to be read again, so that of each resource one that waits is enough.
 */

/**
 * Tells of a URI again only once the last notice of it has left. One that comes before is told then: its client may have
 * read the last one, and the resource too, long before all that was written behind it has left.
 */
export function onceUntilSent(send: (uri: string) => Promise<void>): (uri: string) => void {
  /** True when it is to be told again. */
  const leaving = new Map<string, boolean>();
  const notify = (uri: string): void => {
    if (leaving.has(uri)) return void leaving.set(uri, true);
    leaving.set(uri, false);
    void send(uri).finally(() => {
      const isAgain = leaving.get(uri);
      leaving.delete(uri);
      if (isAgain === true) notify(uri);
    });
  };
  return notify;
}

/** A comment of the stream, which only keeps it alive: of those that nobody reads one is enough. */
const COLON = 58;

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
      const pump = async (controller: ReadableStreamDefaultController<Uint8Array>): Promise<void> => {
        for (;;) {
          const { done, value } = await reader.read();
          if (done) return controller.close();
          if (value[0] === COLON && (controller.desiredSize ?? 0) < 0) continue;
          isAwaited = false;
          controller.enqueue(value);
        }
      };
      const body = new ReadableStream<Uint8Array>(
        {
          start(controller) {
            pump(controller).catch((error: unknown) => controller.error(error));
          },
          pull() {
            for (const uri of late) tell(uri);
            late.clear();
            isAwaited = true;
          },
          cancel: (reason) => reader.cancel(reason),
        },
        { highWaterMark: 0 },
      );
      return new Response(body, response);
    },
  };
}
