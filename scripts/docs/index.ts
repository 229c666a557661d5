/** Every generated document: its path, and its text made from the code as it is now. */
import { acceptancePage } from './acceptance.ts';
import { clientsSection } from './clients.ts';
import { configurationPage } from './configuration.ts';
import { findingsPage } from './findings.ts';
import { kindsPage } from './kinds.ts';
import { between } from './markdown.ts';
import { olderReleasesPage } from './older-releases.ts';
import { resourcesPage } from './resources.ts';
import { safetyPage } from './safety.ts';
import { toolsPage } from './tools.ts';

/** One generated document. */
export interface GeneratedDocument {
  /** Path in the checkout. */
  readonly path: string;
  /** The text it should have; `current` is the text it has, for documents of which only a part is generated. */
  text(current: string): string;
}

export const GENERATED_DOCUMENTS: readonly GeneratedDocument[] = [
  { path: 'docs/configuration.md', text: configurationPage },
  { path: 'docs/tools.md', text: toolsPage },
  { path: 'docs/kinds.md', text: kindsPage },
  { path: 'docs/findings.md', text: findingsPage },
  { path: 'docs/older-releases.md', text: olderReleasesPage },
  { path: 'docs/resources.md', text: resourcesPage },
  { path: 'docs/safety.md', text: safetyPage },
  { path: 'docs/acceptance.md', text: acceptancePage },
  { path: 'README.md', text: (current) => between(current, 'clients', clientsSection()) },
];
