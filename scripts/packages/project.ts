/** The identity of the project: everything that a maintainer fills in once stands in package.json, and is read here. */

/** The fields of package.json that packages carry. */
export interface Project {
  readonly name: string;
  readonly version: string;
  readonly description: string;
  readonly license: string;
  readonly keywords: readonly string[];
  readonly author?: string | undefined;
  /** Address of the repository, for people: without `git+` and `.git`. */
  readonly repository?: string | undefined;
  readonly homepage?: string | undefined;
  readonly bugs?: string | undefined;
  /** Name in the registry of MCP servers: `io.github.OWNER/truenas-mcp-server`. */
  readonly mcpName?: string | undefined;
  /** True once the name is ours and the package is there: `private` is gone from package.json. */
  readonly isPublished: boolean;
}

/** package.json as far as it matters here. */
export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly description: string;
  readonly license: string;
  readonly keywords: readonly string[];
  readonly private?: boolean;
  readonly author?: string | { readonly name: string };
  readonly repository?: string | { readonly url: string };
  readonly homepage?: string;
  readonly bugs?: string | { readonly url: string };
  readonly funding?: unknown;
  readonly mcpName?: string;
}

/** The project of a package.json. */
export function projectOf(manifest: Manifest): Project {
  const { name, version, description, license, keywords, homepage, mcpName } = manifest;
  const author = typeof manifest.author === 'object' ? manifest.author.name : manifest.author;
  return {
    ...{ name, version, description, license, keywords, homepage, mcpName, author },
    repository: addressOf(manifest.repository)
      ?.replace(/^git\+/, '')
      .replace(/\.git$/, ''),
    bugs: addressOf(manifest.bugs),
    isPublished: manifest.private !== true,
  };
}

function addressOf(field: string | { readonly url: string } | undefined): string | undefined {
  return typeof field === 'object' ? field.url : field;
}

/** What has to be filled in before a release, each with its field; empty when nothing is. */
export function gapsOf(manifest: Manifest): string[] {
  const wanted = ['author', 'repository', 'homepage', 'bugs', 'funding', 'mcpName'] as const;
  const missing = wanted.filter((field) => manifest[field] === undefined);
  return [
    ...missing.map((field) => `package.json has no "${field}"`),
    ...(manifest.private === true
      ? ['package.json says "private": true, so that npm publishes nothing']
      : []),
  ];
}

/** Whom a package names where package.json has no author. */
export function authorOf({ author, name }: Project): string {
  return author ?? `The authors of ${name}`;
}
