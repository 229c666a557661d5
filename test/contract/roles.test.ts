import { expect, it } from 'vitest';
import { roleOf } from '../../src/policy/roles.ts';
import { ALL_TOOLS } from '../support/registry.ts';
import { parseRelease } from '../../src/truenas/releases.ts';
import { nameInRelease } from '../../src/truenas/renames.ts';
import { CONTRACT_RELEASES, describeContract, loadContract, loadRoles } from '../support/contract.ts';

describeContract('the roles that tools name', () => {
  const methods = [...new Set(ALL_TOOLS.flatMap((tool) => tool.uses))].sort();

  it.each(CONTRACT_RELEASES)('grant on %s every method that a tool calls', (release) => {
    const { methods: known } = loadContract(release);
    const { method_granted: granted, no_authorization: open } = loadRoles(release);
    const wrong = methods.flatMap((canonical) => {
      const method = nameInRelease(canonical, parseRelease(`${release}.0`));
      if (known[method] === undefined) return [];
      const role = roleOf(canonical);
      if (role === undefined) return open.includes(method) ? [] : [`${method} takes more than a sign-in`];
      return (granted[method] ?? []).includes(role) ? [] : [`${method} is not granted by ${role}`];
    });
    expect(wrong).toEqual([]);
  });
});
