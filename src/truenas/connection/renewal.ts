/** Signs in again on a connection whose session no longer counts, once for all calls that notice. */
import { SignInError, type TrueNasError } from '../errors.ts';
import type { BudgetedSignIn } from '../sign-in/budgeted-sign-in.ts';
import { asProblem, type Session } from './session.ts';

/** The owner of the session. */
export interface RenewalHost {
  /** The present session; undefined without a connection. */
  session(): Session | undefined;
  /** The session is being renewed: send nothing until `onRenewed`. */
  onPause(): void;
  onRenewed(session: Session): void;
  /** The NAS refused the credential; the connection was closed. */
  onRefused(cause: SignInError): void;
  /** The sign-in failed for another reason; the connection was closed. */
  onBroken(cause: TrueNasError): void;
}

/** Makes the function that renews the present session; it returns at once. */
export function createRenewal(signIn: BudgetedSignIn, host: RenewalHost): () => void {
  let isRenewing = false;

  async function renew({ rpc }: Session): Promise<void> {
    const isCurrent = () => host.session()?.rpc === rpc;
    try {
      const obstacle = signIn.obstacle();
      if (obstacle !== undefined) throw obstacle;
      const signedIn = await signIn.signIn(rpc);
      isRenewing = false;
      if (isCurrent()) host.onRenewed({ rpc, signedIn });
    } catch (error) {
      isRenewing = false;
      if (!isCurrent()) return;
      const cause = asProblem(error);
      rpc.close(cause);
      if (cause instanceof SignInError) host.onRefused(cause);
      else host.onBroken(cause);
    }
  }

  return () => {
    const session = host.session();
    if (session === undefined || isRenewing) return;
    isRenewing = true;
    host.onPause();
    // The caller puts its refused call back into the queue first: a refusal of the sign-in must find it there.
    queueMicrotask(() => void renew(session));
  };
}
