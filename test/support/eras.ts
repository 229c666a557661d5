/** The two protocol revisions as a client written by hand speaks them. */

/** One revision. */
export interface Era {
  /** The first request of a client. */
  readonly hello: { readonly method: string; readonly params: Readonly<Record<string, unknown>> };
  /** What it notifies after the answer, if anything. */
  readonly greeting: string | undefined;
  /** What the params of every request carry. */
  readonly envelope: Readonly<Record<string, unknown>>;
}

const CLIENT_INFO = { name: 'by-hand', version: '1' };

/** 2025-11-25 opens a session. */
export const LEGACY: Era = {
  hello: {
    method: 'initialize',
    params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: CLIENT_INFO },
  },
  greeting: 'notifications/initialized',
  envelope: {},
};

/** 2026-07-28 says with every request who it is. */
export const MODERN: Era = {
  hello: { method: 'server/discover', params: {} },
  greeting: undefined,
  envelope: {
    _meta: {
      'io.modelcontextprotocol/protocolVersion': '2026-07-28',
      'io.modelcontextprotocol/clientInfo': CLIENT_INFO,
      'io.modelcontextprotocol/clientCapabilities': {},
    },
  },
};

/** For `describe.each`. */
export const ERAS: readonly (readonly [revision: string, era: Era])[] = [
  ['2025-11-25', LEGACY],
  ['2026-07-28', MODERN],
];
