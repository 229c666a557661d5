/** The risk of a change, what is never sent, and the roles that its calls need: judgements, made centrally. */
export type { JudgedCall } from './call.ts';
export { RISKS, type Risk } from './finding.ts';
export { judge, type Judgement } from './judge.ts';
export { denialOf } from './denial-of.ts';
export { flagProblem } from './flags.ts';
export { rolesOf } from './roles-of.ts';
export { privilegedPart } from './methods/app-values.ts';
export { isJudged, judgedMethods, leastRisk } from './table.ts';
