/** Odd answers of a NAS of 25.10: see `support/odd/suite.ts`. */
import { describeOddAnswers } from '../support/odd/suite.ts';

describeOddAnswers({
  release: '25.10',
  list: new URL('odd-answers.known.json', import.meta.url),
  few: 1500,
  cases: 20_000,
});
