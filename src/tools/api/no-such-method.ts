import { nearNames } from '../../output/near-names.ts';
import { InputProblem } from '../../output/problem.ts';
import { safeCell } from '../../output/untrusted.ts';
import { webPlaceOfUnknown } from '../../policy/web-interface.ts';
import type { ToolContext } from '../define.ts';
import type { ApiCatalog } from '../../truenas/catalog/index.ts';

/** Longest wait for a hint at near names, in milliseconds. */
const HINT_WAIT_MS = 5000;

const NOTHING = 'these tools change nothing on the NAS:';
const UNSEEN =
  'methods that change something show to an account for changes only, once it is signed in; call_api_write plans those that this program knows all the same';

/** The problem of a method that this NAS does not offer, with the names that may have been meant. */
export async function noSuchMethod(
  catalog: ApiCatalog,
  wanted: string,
  { mayCallAny = false }: Pick<ToolContext, 'mayCallAny'> = {},
): Promise<InputProblem> {
  const { methods, unread } = await catalog.all({ waitMs: HINT_WAIT_MS });
  const near = nearNames(
    wanted,
    methods.map(({ name }) => name),
    5,
  );
  const place = webPlaceOfUnknown(wanted.slice(0, 200));
  const hint = [
    near.length === 0 ? 'search_api finds methods' : `near: ${near.join(', ')}`,
    ...(mayCallAny ? [UNSEEN] : place === undefined ? [] : [`${NOTHING} a person does that in ${place}`]),
  ].join('; ');
  const partly = unread.length === 0 ? '' : ` (${unread.length} namespaces of the NAS could not be read yet)`;
  return new InputProblem(
    'method',
    `${safeCell(wanted, 80)} is not a method that this NAS offers to this user${partly}`,
    hint,
  );
}
