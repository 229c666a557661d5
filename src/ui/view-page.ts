/** The page that draws every view. The build makes it of src/ui/page and puts it in here, so that it is loaded when a client reads a view. */
import type { ViewName } from '../tools/view-names.ts';

/** The whole HTML file, put in by the build. */
declare const VIEW_PAGE: string | undefined;

/** Where the page reads which view it is; scripts/build-view-page.mjs writes it so. */
const OPEN_TAG = '<html lang="en">';

/** The page as one view. @throws Error where the sources run, which nobody has built */
export function viewPage(view: ViewName): string {
  if (typeof VIEW_PAGE !== 'string') throw new Error('the page of views is made by the build: npm run build');
  return VIEW_PAGE.replace(OPEN_TAG, `<html lang="en" data-view="${view}">`);
}
