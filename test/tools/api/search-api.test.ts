import { expect, it } from 'vitest';
import { describeContract } from '../../support/contract.ts';
import { connect } from './support/connect.ts';

describeContract('search_api', () => {
  it('lists reads before everything else', async () => {
    const nas = await connect('27.0');
    const { data } = await nas.search('dataset');
    const kinds = data.methods.map(({ access, job }) => access === 'read' && !job);
    expect(kinds).toContain(true);
    expect(kinds).toContain(false);
    expect(kinds).toEqual(kinds.toSorted((a, b) => Number(b) - Number(a)));
  });

  it.each(['smart test of a disk', 'S.M.A.R.T. results'])(
    'says of %j what the release no longer has, and what is there instead',
    async (query) => {
      const gone = await connect('25.10');
      expect((await gone.search(query)).text).toContain(
        'nothing about smart on this NAS: 25.10 and later have no S.M.A.R.T. methods; disk.temperatures',
      );
      const still = await connect('25.04');
      expect((await still.search(query)).text).not.toContain('nothing about');
    },
  );

  it('says what a user has no methods for', async () => {
    const nas = await connect('27.0', { roles: ['SHARING_SMB_READ'] });
    expect((await nas.search('battery of the ups')).text).toContain(
      'nothing about ups on this NAS: this user, or this release, has no ups.* methods',
    );
    expect((await nas.search('shares')).text).not.toContain('nothing about');
  });

  it.each(['is the battery full', 'uninterruptible power supply'])(
    'knows what %j is about, and says that there is nothing about it',
    async (query) => {
      const nas = await connect('27.0', { roles: ['SHARING_SMB_READ'] });
      expect((await nas.search(query)).text).toContain('nothing about ups on this NAS');
    },
  );

  it.each(['show kubernetes', 'list of zigbees', 'which zigbee'])(
    'finds nothing for %j rather than whatever can be shown',
    async (query) => {
      const { text, data } = await (await connect('27.0')).search(query);
      expect(data).toEqual({ methods: [], found: 0 });
      expect(text).toMatch(/^No method for "/u);
    },
  );

  it('says which word of a question no method has to do with', async () => {
    const nas = await connect('27.0');
    expect((await nas.search('kubernetes on this pool')).text).toContain(
      'no method of this NAS has to do with: kubernetes\n',
    );
    for (const query of ['turn on ssh', 'who is connected', 'free space', 'rotate a certificate', 'pools'])
      expect((await nas.search(query)).text).not.toContain('has to do with');
  });

  it('names no level that a change would take', async () => {
    const nas = await connect('27.0');
    const { text, data } = await nas.search('delete a dataset');
    const levels = new Set(data.methods.map(({ access }) => access));
    expect([...levels].filter((level) => !['read', 'changes', 'denied'].includes(String(level)))).toEqual([]);
    expect(text).not.toMatch(/\b(?:operate|manage|destroy)\b/u);
  });
});
