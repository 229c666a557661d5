/** Odd answers of a NAS of 24.10, as they come over the older protocol: see `support/odd/suite.ts`. */
import { describeOddAnswers } from '../support/odd/suite.ts';

describeOddAnswers({
  release: '24.10',
  list: new URL('odd-answers-24.10.known.json', import.meta.url),
  few: 200,
  cases: 10_000,
});
