/** Generic calls that are refused, whatever the NAS says of the method. */
import { describe, expect, it } from 'vitest';
import { OPEN_READS } from '../../src/policy/classes.ts';
import { denialFor } from '../../src/policy/denials.ts';
import { LEFT_OUT } from '../../src/policy/left-out.ts';
import { methodRefusal, refusalFor } from '../../src/policy/refusals.ts';
import { webPlaceOf, webPlaceOfTool, webPlaceOfUnknown } from '../../src/policy/web-interface.ts';
import type { ApiMethod } from '../../src/truenas/catalog/index.ts';
import { normaliseMethod } from '../../src/truenas/catalog/normalise.ts';
import { CONTRACT_RELEASES, describeContract, loadContract, loadRoles } from '../support/contract.ts';

/** A NAS that publishes the method as readable by everyone, with one parameter of any kind and a query. */
function readable(name: string, roles: readonly string[] = ['READONLY_ADMIN']): ApiMethod {
  const found = normaliseMethod(name, { roles, accepts: [], returns: [], no_authz_required: true });
  if (found === undefined) throw new Error('no method');
  return found;
}

const kindOf = async (name: string, params: unknown[] = [], roles?: string[]) =>
  (await refusalFor(name, params, (wanted) => Promise.resolve(readable(wanted, roles))))?.kind;

/** PROTOCOL section 14: a session that gave its write rights up can still make these calls. */
const STILL_CALLABLE = [
  ...['api_key.create', 'api_key.update', 'api_key.delete', 'auth.generate_token', 'auth.set_attribute'],
  ...['user.set_password', 'user.renew_2fa_secret', 'core.bulk', 'support.new_ticket', 'system.debug'],
];

describe('a call that a session without write rights can still make', () => {
  it.each([...STILL_CALLABLE, 'privilege.become_readonly', 'auth.generate_onetime_password'])(
    '%s is refused to generic calls, and to every tool',
    async (name) => {
      expect(await kindOf(name)).toBe('denied');
      expect(denialFor(name)?.isWholeMethod).toBe(true);
    },
  );
});

describe('a method that the NAS calls readable', () => {
  it.each(Object.keys(LEFT_OUT))('%s is left out all the same', async (name) => {
    expect(await kindOf(name)).toBe('denied');
  });

  it.each(['auth.me', 'auth.sessions', 'auth.twofactor.config'])('%s can be read', async (name) => {
    expect(await kindOf(name, [], name === 'auth.me' ? [] : undefined)).toBeUndefined();
  });

  it('is refused for a pattern outside of the grammar, at any depth and in any alternative', async () => {
    const names = ['select', 'order_by', 'limit', 'offset', 'count', 'get'];
    const options = { properties: Object.fromEntries(names.map((name) => [name, {}])) };
    const accepts = [
      { _name_: 'filters', type: 'array' },
      { _name_: 'options', type: 'object', ...options },
    ];
    const found = normaliseMethod('pool.query', { roles: ['READONLY_ADMIN'], accepts, returns: [] });
    const ask = (pattern: unknown) =>
      refusalFor('pool.query', [[['OR', [[['name', '=', 'a']], [['name', '~', pattern]]]]]], () =>
        Promise.resolve(found),
      );
    expect(await ask('(?x)(.+) +!')).toMatchObject({ kind: 'pattern' });
    expect(await ask(['a'])).toMatchObject({ kind: 'pattern' });
    expect(await ask('tank/.*')).toBeUndefined();
  });
});

describe('what would change something', () => {
  it('is refused without a word of a bigger key or level, and with the place in the web interface', async () => {
    for (const roles of [['POOL_WRITE'], []]) {
      const refusal = await refusalFor('pool.dataset.create', [], () =>
        Promise.resolve(readable('pool.dataset.create', roles)),
      );
      expect(refusal?.kind).toBe('above-read');
      expect(`${refusal?.why} ${refusal?.instead}`).not.toMatch(/TRUENAS_ACCESS|POOL_WRITE|FULL_ADMIN/u);
      expect(refusal?.instead).toContain('TrueNAS web interface (Datasets)');
    }
  });

  it.each([
    ['pool.scrub.run', 'Data Protection > Scrub Tasks'],
    ['service.control', 'System > Services'],
    ['sharing.smb.create', 'Shares'],
    ['system.reboot', 'the power button at the top right'],
    ['new.thing.create', ''],
  ])('%s is done in the web interface at %j', (method, place) => {
    expect(webPlaceOf(method)).toBe(`the TrueNAS web interface${place === '' ? '' : ` (${place})`}`);
  });

  it.each([
    ['delete_dataset', 'Datasets'],
    ['create_snapshot', 'Datasets > Manage Snapshots'],
    ['truenas_smb_share_create', 'Shares'],
    ['restart_service', 'System > Services'],
    ['reboot_system', 'the power button at the top right'],
    ['run_cloud_sync', 'Data Protection'],
    ['createUser', 'Credentials > Users'],
    ['frobnicate_delete', ''],
  ])('a tool named %s would be done at %j', (tool, place) => {
    expect(webPlaceOfTool(tool)).toBe(`the TrueNAS web interface${place === '' ? '' : ` (${place})`}`);
  });

  it.each(['list_updates', 'get_update_status', 'pool_status', 'truenas_list_exports', 'describe_run', 'x'])(
    'a tool named %s would change nothing',
    (tool) => {
      expect(webPlaceOfTool(tool)).toBeUndefined();
    },
  );

  it.each([
    ['pool.dataset.destroy', 'Datasets'],
    ['replications.start', 'Data Protection'],
    ['system.update.install', 'System'],
  ])('an unknown method %s would be done at %j', (method, place) => {
    expect(webPlaceOfUnknown(method)).toContain(place);
  });

  it.each(['update.get_status', 'interfaces.query', 'export.list', 'x'])(
    'an unknown method %s would change nothing',
    (method) => {
      expect(webPlaceOfUnknown(method)).toBeUndefined();
    },
  );
});

describeContract('what is open to everybody who signed in', () => {
  it.each(CONTRACT_RELEASES)('on %s is a read that was looked at, or never called', (release) => {
    const { no_authentication, no_authorization } = loadRoles(release);
    const known = loadContract(release).methods;
    const open = [...no_authentication, ...no_authorization].filter((name) => Object.hasOwn(known, name));
    const neither = open.filter((name) => methodRefusal(name) === undefined);
    // It ends a job of the caller's own, so a class refuses it instead.
    const expected = new Set([...OPEN_READS, 'auth.mechanism_choices', 'core.job_abort']);
    expect(neither.filter((name) => !expected.has(name))).toEqual([]);
  });

  it('the methods that are left out exist in some release', () => {
    const known = new Set(CONTRACT_RELEASES.flatMap((release) => Object.keys(loadContract(release).methods)));
    expect(Object.keys(LEFT_OUT).filter((name) => !known.has(name))).toEqual([]);
  });
});
