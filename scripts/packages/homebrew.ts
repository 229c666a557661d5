/** The formula for Homebrew: it installs the packed file of a release and checks that the program starts. */
import type { Project } from './project.ts';

/** The formula's text. Its address is a placeholder until package.json names the repository. */
export function homebrewFormula(project: Project, tarball: { file: string; sha256: string }): string {
  const { name, version, license, homepage, repository = 'https://example.com/OWNER/REPOSITORY' } = project;
  return [
    `class ${className(name)} < Formula`,
    '  desc "MCP server that lets an AI assistant look after a TrueNAS"',
    `  homepage "${homepage ?? repository}"`,
    `  url "${repository}/releases/download/v${version}/${tarball.file}"`,
    `  sha256 "${tarball.sha256}"`,
    `  license "${license}"`,
    '',
    '  depends_on "node"',
    '',
    '  def install',
    '    system "npm", "install", *std_npm_args',
    '    bin.install_symlink libexec.glob("bin/*")',
    '    generate_completions_from_executable(bin/"truenas-mcp", "completion")',
    '  end',
    '',
    '  test do',
    `    assert_match version.to_s, shell_output("#{bin}/truenas-mcp --version")`,
    '    assert_match "list_pools", shell_output("#{bin}/truenas-mcp call --demo")',
    '  end',
    'end',
    '',
  ].join('\n');
}

function className(name: string): string {
  return name.replace(/(?:^|-)([a-z0-9])/g, (_match, letter: string) => letter.toUpperCase());
}
