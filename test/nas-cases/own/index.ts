/** Cases of our own, of the kinds of the shared ones: on a NAS that is in perfect health but for what a case says. */
import { ANSWERS } from './answers.ts';
import { DISKS } from './disks.ts';
import { INTEGERS } from './integers.ts';
import { LIMITS } from './limits.ts';
import { NAMES } from './names.ts';
import { REPETITIONS } from './repetitions.ts';
import { TIMES } from './times.ts';
import { VALUES } from './values.ts';

export const OWN_CASES = [
  ...REPETITIONS,
  ...DISKS,
  ...LIMITS,
  ...TIMES,
  ...NAMES,
  ...VALUES,
  ...INTEGERS,
  ...ANSWERS,
];
