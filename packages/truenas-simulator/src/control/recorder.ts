/** What was called, for tests. */

/** One call that reached the simulator. */
export interface RecordedCall {
  readonly method: string;
  /** As they were in the frame, special encodings included. */
  readonly params: readonly unknown[];
  /** Bytes of the reply's frame content; 0 while there is none. */
  readonly bytesOut: number;
  /** JSON-RPC error code of the reply, null for a success or none. */
  readonly errorCode: number | null;
  /** Which connection it came on. */
  readonly sessionId: string;
  /** True for a method that no reading role grants, however the call ended. */
  readonly isMutating: boolean;
}

/** A record that is still being filled in. */
export type OpenRecord = { -readonly [Key in keyof RecordedCall]: RecordedCall[Key] };

/** Keeps calls in order of arrival. */
export interface Recorder {
  note(
    method: string,
    params: readonly unknown[],
    call: Pick<RecordedCall, 'sessionId' | 'isMutating'>,
  ): OpenRecord;
  calls(): RecordedCall[];
  /** Sign-in attempts so far, and the most within any 60 seconds; clearing the calls does not forget them. */
  logins(): { readonly total: number; readonly mostPerMinute: number };
  clear(): void;
}

/** Beyond this the older half is forgotten, so that a long benchmark does not fill the memory. */
const MAX_RECORDS = 20_000;

const MINUTE_MS = 60_000;

/** Methods that try to sign in. */
const LOGIN_METHODS = new Set([
  ...['auth.login', 'auth.login_ex', 'auth.login_with_api_key', 'auth.login_with_token', 'auth.token'],
]);

/** Makes an empty recorder. */
export function createRecorder(): Recorder {
  let records: OpenRecord[] = [];
  const loginTimes: number[] = [];
  return {
    note(method, params, call) {
      if (LOGIN_METHODS.has(method)) loginTimes.push(performance.now());
      if (records.length >= MAX_RECORDS) records = records.slice(MAX_RECORDS / 2);
      const record: OpenRecord = { method, params, bytesOut: 0, errorCode: null, ...call };
      records.push(record);
      return record;
    },
    calls: () => [...records],
    logins() {
      const counts = loginTimes.map(
        (start) => loginTimes.filter((time) => time >= start && time < start + MINUTE_MS).length,
      );
      return { total: loginTimes.length, mostPerMinute: Math.max(0, ...counts) };
    },
    clear() {
      records = [];
    },
  };
}
