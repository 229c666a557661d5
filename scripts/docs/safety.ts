/** docs/safety.md: the page that clients read as `truenas://docs/safety`, and the part about changes for the operator. */
import { safetyText } from '../../src/resources/pages/safety.ts';
import { GENERATED } from './markdown.ts';
import { changesSafety } from './safety-changes.ts';

/** The whole page. */
export function safetyPage(): string {
  return `${GENERATED}\n\n${safetyText()}\n\n${changesSafety()}\n`;
}
