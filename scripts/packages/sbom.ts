/** The bill of materials of the built program in CycloneDX 1.6: every package of which something was bundled. */
import { createHash } from 'node:crypto';
import type { Project } from './project.ts';

/** A package that was bundled. */
export interface BundledPackage {
  readonly name: string;
  readonly version: string;
  /** As its package.json says: an SPDX id or expression. */
  readonly license: string;
  /** `sha512-…` of the lock file. */
  readonly integrity?: string | undefined;
}

/** The document; the same packages give the same document. */
export function sbom({ name, version, license }: Project, packages: readonly BundledPackage[]) {
  const self = `pkg:npm/${name}@${version}`;
  const components = packages.map(componentOf);
  const digest = createHash('sha256')
    .update(JSON.stringify([self, components]))
    .digest('hex');
  return {
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    serialNumber: `urn:uuid:${uuidFrom(digest)}`,
    version: 1,
    metadata: {
      component: {
        type: 'application',
        'bom-ref': self,
        name,
        version,
        purl: self,
        licenses: [licenseOf(license)],
      },
    },
    components,
    dependencies: [
      { ref: self, dependsOn: components.map((component) => component['bom-ref']) },
      ...components.map((component) => ({ ref: component['bom-ref'], dependsOn: [] })),
    ],
  };
}

function componentOf({ name, version, license, integrity }: BundledPackage) {
  const purl = `pkg:npm/${name.replace(/^@/, '%40')}@${version}`;
  const digest = /^sha512-(.+)$/.exec(integrity ?? '')?.[1];
  const [scope, bare] = name.startsWith('@') ? name.split('/') : [undefined, name];
  return {
    type: 'library',
    'bom-ref': purl,
    ...(scope === undefined ? {} : { group: scope }),
    name: bare ?? name,
    version,
    purl,
    licenses: [licenseOf(license)],
    ...(digest === undefined
      ? {}
      : { hashes: [{ alg: 'SHA-512', content: Buffer.from(digest, 'base64').toString('hex') }] }),
  };
}

function licenseOf(license: string) {
  return /\s/.test(license) ? { expression: license } : { license: { id: license } };
}

/** A name-based UUID of version 8. */
function uuidFrom(digest: string): string {
  const variant = ((Number.parseInt(digest.slice(16, 17), 16) & 0x3) | 0x8).toString(16);
  return [
    digest.slice(0, 8),
    digest.slice(8, 12),
    `8${digest.slice(13, 16)}`,
    `${variant}${digest.slice(17, 20)}`,
    digest.slice(20, 32),
  ].join('-');
}
