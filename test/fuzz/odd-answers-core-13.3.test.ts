/** Odd answers of a TrueNAS CORE 13.3, as they come over the older protocol: see `support/odd/suite.ts`. */
import { describeOddAnswers } from '../support/odd/suite.ts';

describeOddAnswers({
  release: 'core-13.3',
  list: new URL('odd-answers-core-13.3.known.json', import.meta.url),
  few: 200,
  cases: 10_000,
});
