/**
 * A response that streams updates as fast as its client reads them. A client that stops reading must not grow the queue:
 * its updates wait, once per URI, until it reads again.
 */

/** First byte of an SSE comment, which keeps a stream alive and says nothing. */
const COLON = 58;

/** A response that streams updates. */
export interface UpdateStream {
  readonly uris: readonly string[];
  /** The same `send`; while the client is not ready, updates wait, once per URI. */
  paced(send: (uri: string) => void): (uri: string) => void;
  /** The response to give instead, which notices when the client reads. */
  observed(response: Response): Response;
}

/** A stream that nobody reads yet. */
export function updateStream(uris: readonly string[]): UpdateStream {
  const late = new Set<string>();
  let isClientReady = false;
  let sendNow: (uri: string) => void = () => {};
  return {
    uris,
    paced(send) {
      sendNow = send;
      return (uri) => {
        if (isClientReady) send(uri);
        else late.add(uri);
      };
    },
    observed(response) {
      if (response.body === null) return response;
      const reader = response.body.getReader();
      const pump = async (controller: ReadableStreamDefaultController<Uint8Array>): Promise<void> => {
        for (;;) {
          const { done, value } = await reader.read();
          if (done) return controller.close();
          // Comments must not pile up either: one is enough.
          if (value[0] === COLON && (controller.desiredSize ?? 0) < 0) continue;
          isClientReady = false;
          controller.enqueue(value);
        }
      };
      const body = new ReadableStream<Uint8Array>(
        {
          start(controller) {
            pump(controller).catch((error: unknown) => controller.error(error));
          },
          pull() {
            for (const uri of late) sendNow(uri);
            late.clear();
            isClientReady = true;
          },
          cancel: (reason) => reader.cancel(reason),
        },
        { highWaterMark: 0 },
      );
      return new Response(body, response);
    },
  };
}
