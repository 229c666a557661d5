/**
 * Makes a session give up its write rights (`privilege.become_readonly`, PROTOCOL section 14; TrueNAS 26 on). It is defence
 * in depth, not a wall: some calls of the key's own user stay possible, and every sign-in gives the rights back.
 */
import type { JsonRpc } from '../connection/json-rpc.ts';
import type { LogOnce } from '../connection/log-once.ts';
import { isTrueNasError } from '../errors.ts';
import { isConnectionFault } from './problems.ts';

/**
 * True when the session is read-only now. A NAS that lacks the method or refuses it is told in the log, and worked with.
 * @throws TrueNasError for a fault of the connection: the session's rights are unknown then.
 */
export async function becomeReadOnly(rpc: JsonRpc, timeoutMs: number, log: LogOnce): Promise<boolean> {
  try {
    await rpc.call('privilege.become_readonly', [], timeoutMs);
    return true;
  } catch (error) {
    if (!isTrueNasError(error) || error.kind === 'busy' || isConnectionFault(error)) throw error;
    if (error.kind === 'method-missing') {
      log.write('info', 'this TrueNAS cannot make a session read-only: the rights of the API key stand', {});
    } else {
      const { kind, summary } = error;
      log.write('warn', 'the session could not be made read-only: the rights of the API key stand', {
        kind,
        summary,
      });
    }
    return false;
  }
}
