import { expect, it } from 'vitest';
import { FOR_ADMINISTRATORS_SOMEWHERE, roleOf } from '../../src/policy/roles.ts';
import { ALL_TOOLS } from '../support/registry.ts';
import { parseRelease } from '../../src/truenas/releases.ts';
import { nameInRelease } from '../../src/truenas/renames.ts';
import { CONTRACT_RELEASES, describeContract, loadContract, loadRoles } from '../support/contract.ts';

describeContract('the roles that tools name', () => {
  const methods = [...new Set(ALL_TOOLS.flatMap((tool) => tool.uses))].sort();

  const isForAdministratorsOnly = (roles: readonly string[] | undefined) => roles?.length === 0;
  // What no role grants on a release has to be something that every tool which reads it can do without.
  const maybeMissing = new Set(
    methods.filter((method) =>
      ALL_TOOLS.filter(({ uses }) => uses.includes(method)).every(
        ({ mayLack }) => mayLack?.some((lack) => lack.method === method) === true,
      ),
    ),
  );

  it.each(CONTRACT_RELEASES)('grant on %s every method that a tool calls', (release) => {
    const { methods: known } = loadContract(release);
    const { method_granted: granted, no_authorization: open } = loadRoles(release);
    const wrong = methods.flatMap((canonical) => {
      const method = nameInRelease(canonical, parseRelease(`${release}.0`));
      if (known[method] === undefined) return [];
      const role = roleOf(canonical);
      if (role === undefined) return open.includes(method) ? [] : [`${method} takes more than a sign-in`];
      const isGranted = (granted[method] ?? []).includes(role);
      return isGranted || (isForAdministratorsOnly(granted[method]) && maybeMissing.has(canonical))
        ? []
        : [`${method} is not granted by ${role}`];
    });
    expect(wrong).toEqual([]);
  });

  it('are not enough on some release for exactly the reads of which a refusal says so', () => {
    const found = CONTRACT_RELEASES.flatMap((release) => {
      const { method_granted: granted } = loadRoles(release);
      return methods.filter(
        (canonical) =>
          roleOf(canonical) !== undefined &&
          isForAdministratorsOnly(granted[nameInRelease(canonical, parseRelease(`${release}.0`))]),
      );
    });
    expect([...new Set(found)]).toEqual(FOR_ADMINISTRATORS_SOMEWHERE);
  });
});
