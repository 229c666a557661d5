/** docs/safety.md: the page that clients read as `truenas://docs/safety`. */
import { safetyText } from '../../src/resources/pages/safety.ts';
import { GENERATED } from './markdown.ts';

/** The whole page. */
export function safetyPage(): string {
  return `${GENERATED}\n\n${safetyText()}\n`;
}
