/** The end of a log through a client that wraps another. */
import type { CallOptions, ReadClient, Tail } from '../truenas/client.ts';

/** The wrapped client's `tail`, where it has one. */
export function tailOf(
  client: ReadClient,
  within: (options?: CallOptions) => CallOptions | undefined = (options) => options,
  around: (read: () => Promise<Tail>, source: string) => Promise<Tail> = (read) => read(),
): Pick<ReadClient, 'tail'> {
  const { tail } = client;
  if (tail === undefined) return {};
  return {
    tail: (source, args, lines, options) => around(() => tail(source, args, lines, within(options)), source),
  };
}
