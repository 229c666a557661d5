/** Builds the one HTML file that draws every view, from the sources below `root`. */
export function buildViewPage(root: string): Promise<{ readonly html: string }>;
