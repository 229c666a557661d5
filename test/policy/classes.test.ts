import { describe, expect, it } from 'vitest';
import { classify, isOpen, isReadable, OPEN_READS } from '../../src/policy/classes.ts';
import { neededRoles } from '../../src/policy/roles.ts';
import { contractCatalog } from '../support/catalog.ts';
import { CONTRACT_RELEASES, describeContract, loadContract, loadRoles } from '../support/contract.ts';

describe('access classes', () => {
  it('takes only reading verbs for readable where a NAS publishes no roles', () => {
    const rated = (name: string) => classify({ name, roles: undefined });
    expect(['pool.query', 'pool.get_instance', 'ssh.config', 'pool.x_choices'].map(rated)).toEqual(
      Array(4).fill('readable'),
    );
    expect(['pool.create', 'pool.status', 'pool.query_all', 'config.save'].map(rated)).toEqual(
      Array(4).fill('unknown'),
    );
  });

  it('names the narrowest roles first, and full administration where none is named', () => {
    expect(neededRoles(['FULL_X_ADMIN', 'X_MANAGER', 'X_WRITE'])).toEqual(['X_WRITE', 'X_MANAGER']);
    expect(neededRoles([])).toEqual(['FULL_ADMIN']);
  });
});

describeContract('access classes against the contract', () => {
  it.each(CONTRACT_RELEASES)('every method of %s is classified exactly as the roles say', async (release) => {
    const granted = loadRoles(release).method_granted;
    const { methods, unread } = await contractCatalog(release).all();
    expect(unread).toEqual([]);
    expect(methods.map(({ name }) => name).sort()).toEqual(Object.keys(loadContract(release).methods).sort());
    const wrong = methods.filter((method) => {
      // A NAS does not list FULL_ADMIN, so what only it grants looks like what nobody is granted.
      const roles = (granted[method.name] ?? []).filter((role) => role !== 'FULL_ADMIN');
      const expected = roles.includes('READONLY_ADMIN')
        ? 'readable'
        : roles.length === 0
          ? 'unknown'
          : 'mutating';
      return classify(method) !== expected;
    });
    expect(wrong.map(({ name }) => name)).toEqual([]);
  });

  it.each(CONTRACT_RELEASES)(
    'what is open to everyone on %s and named as reading needs no role there',
    (release) => {
      const { method_granted: granted, no_authentication, no_authorization } = loadRoles(release);
      const known = OPEN_READS.filter((name) => Object.hasOwn(loadContract(release).methods, name));
      const open = new Set([...no_authentication, ...no_authorization]);
      const closed = known.filter(
        (name) => !open.has(name) && !(granted[name] ?? []).includes('READONLY_ADMIN'),
      );
      // 25.04 grants these to full administrators only; the NAS refuses them to anyone else.
      expect(
        closed.filter((name) => release !== '25.04' || isReadable({ name, roles: ['X_WRITE'] })),
      ).toEqual([]);
    },
  );

  it.each(CONTRACT_RELEASES)(
    'of %s, every method that needs no role is known to need none',
    async (release) => {
      const { no_authentication, no_authorization } = loadRoles(release);
      const open = new Set([...no_authentication, ...no_authorization]);
      const { methods } = await contractCatalog(release).all();
      const withoutRole = methods.filter(({ roles }) => roles?.length === 0);
      expect(withoutRole.filter((method) => open.has(method.name) && !isOpen(method))).toEqual([]);
      // The one exception: 25.04 lets an administrator alone read or resize these.
      const closed = withoutRole.filter((method) => isOpen(method) && !open.has(method.name));
      expect(closed.map(({ name }) => name)).toEqual(release === '25.04' ? ['core.resize_shell'] : []);
    },
  );
});
