/** Holds calls that came from outside against the schema of the NAS that is connected now, before anything is sent. */
import { catalogOf } from '../access/readable-client.ts';
import { problemText } from '../output/problem.ts';
import { paramProblems } from '../policy/param-problems.ts';
import type { WriteSession } from '../truenas/write-session.ts';
import type { Change } from './change.ts';
import { judgedCall } from './gates.ts';
import { describeByName } from './readers.ts';
import { neededSecrets } from './secrets.ts';

/** Why a generic call of the change is not sent to this NAS under this account; undefined when nothing is against it. */
export async function schemaFault(
  { calls }: Pick<Change, 'calls'>,
  { read, account }: Pick<WriteSession, 'read' | 'account'>,
): Promise<string | undefined> {
  try {
    for (const call of calls) {
      if (call.isGeneric !== true) continue;
      const { method } = call;
      const found = await describeByName(catalogOf(read), await read.release(), method);
      if (found === undefined)
        return `this NAS does not offer ${method} to the account ${account.name}: its release may lack the method, or the account the role`;
      if (found.needsTransfer) return `${method} works only together with a file transfer`;
      const fields = neededSecrets([call]).map(({ field }) => field);
      const problems = await paramProblems(found, judgedCall(call).params);
      // What stands for a secret has not its form; the NAS checks the secret itself.
      const others = problems.filter((line) => !fields.some((field) => isAbout(line, field)));
      if (others.length > 0) return `parameters of ${method}: ${others.join('; ')}`;
    }
    return undefined;
  } catch (error) {
    return `its parameters could not be checked: ${problemText(error)}`;
  }
}

/** True when a line of {@link paramProblems} is about this field. */
export function isAbout(line: string, field: string): boolean {
  const [place = ''] = line.split('" ');
  return place.endsWith(`.${field}`) || place === `"${field}`;
}
