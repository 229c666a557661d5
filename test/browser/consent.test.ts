/** A person in front of the approval page: sees nothing before the sign-in, then the exact change, and decides. */
import { expect, it } from 'vitest';
import { approvalPages, signedIn, signIn, textOf } from './support/approval.ts';
import { describeBrowser } from './support/browser.ts';

describeBrowser('the approval page', () => {
  const waiting = approvalPages();

  it('shows nothing of the plan before the sign-in, and is the same page for a plan that does not exist', async () => {
    const change = await waiting();
    const page = await change.visit();
    const source = await page.content();
    expect(source).not.toContain('tank/media');
    expect(source).not.toContain('by-hand');
    await page.goto(`${new URL(change.url).origin}/nosuchplan`);
    expect(await page.content()).toBe(source);
    await signIn(page, change.nas.simulator.person);
    await page.getByText('There is no such plan here').waitFor();
  });

  it('applies the change that it showed, and says what was seen on the NAS', async () => {
    const change = await waiting();
    const page = await change.visit();
    await signedIn(page, change);
    expect(await textOf(page)).toMatchInlineSnapshot(`
      "Approve a change of your NAS

      Take snapshot tank/media@by-hand
      NAS and account
      nas, as truenas_admin
      Risk
      reversible
      a snapshot is taken
      What is sent
      1. take the snapshot tank/media@by-hand: pool.snapshot.create [{"dataset":"tank/media","name":"by-hand","recursive":false}]
      Before and after
      snapshot tank/media@by-hand: does not exist -> exists
      Impact
      A snapshot keeps the space of what is deleted after it.
      Undo
      delete the snapshot tank/media@by-hand: pool.snapshot.delete ["tank/media@by-hand",{}]
      Decline
      Apply"
    `);
    await page.getByRole('button', { name: 'Apply' }).click();
    const outcome = page.getByRole('status').filter({ hasText: 'DONE, and seen on the NAS afterwards' });
    await outcome.waitFor();
    expect((await change.answer).text).toContain('DONE, and seen on the NAS afterwards');
    expect(change.nas.writes()).toHaveLength(1);
    expect(await page.getByRole('button').count()).toBe(0);
  });

  it('declines: nothing is sent, and the model reads that a person declined it', async () => {
    const change = await waiting();
    const page = await change.visit();
    await signedIn(page, change);
    await page.getByRole('button', { name: 'Decline' }).click();
    await page.getByText('Declined. Nothing was changed.').waitFor();
    expect((await change.answer).text).toContain('a person declined it');
    expect(change.nas.writes()).toEqual([]);
  });

  it('counts wrong sign-ins, and the third ends the plan for the right password, too', async () => {
    const change = await waiting();
    const page = await change.visit();
    const { username, password } = change.nas.simulator.person;
    for (const said of [
      'wrong sign-in 1 of 3',
      'wrong sign-in 2 of 3',
      'Three wrong sign-ins: this plan has ended',
    ]) {
      await signIn(page, { username, password: 'guessed' });
      await page.getByRole('alert').filter({ hasText: said }).waitFor();
    }
    await signIn(page, { username, password });
    await page.getByRole('alert').filter({ hasText: 'There is no such plan here' }).waitFor();
    expect(await textOf(page)).not.toContain('tank/media');
    expect(change.nas.writes()).toEqual([]);
    expect((await change.answer).text).toContain('three wrong sign-ins');
  });

  it('asks for the one-time code when the NAS does, which counts as no wrong sign-in', async () => {
    const change = await waiting();
    const { person, control } = change.nas.simulator;
    control.requireSecondFactor(person.username, 'JBSWY3DPEHPK3PXP');
    const page = await change.visit();
    await signIn(page, person);
    const alert = page.getByRole('alert').filter({ hasText: 'asks for the one-time code' });
    await alert.waitFor();
    expect(await alert.textContent()).not.toContain('wrong sign-in');
    // The password is still there: only the code is missing, and the cursor stands in its field.
    await page.keyboard.type(control.oneTimeCode(person.username));
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Take snapshot tank/media@by-hand' }).waitFor();
    await page.getByRole('button', { name: 'Apply' }).click();
    await page.getByText('DONE, and seen on the NAS afterwards').waitFor();
  });

  it('takes an API key for a password, and says which role its user lacks', async () => {
    const change = await waiting();
    const page = await change.visit();
    const { username, apiKey } = change.nas.simulator;
    await signIn(page, { username, password: apiKey });
    await page.getByText('Your account lacks the role SNAPSHOT_WRITE').waitFor();
    expect(await page.getByRole('button', { name: 'Apply' }).count()).toBe(0);
    expect(await page.getByRole('button', { name: 'Decline' }).count()).toBe(1);
  });

  it('does not offer to apply what has changed on the NAS since it was planned', async () => {
    const change = await waiting();
    const [plan] = change.nas.engine.plans();
    const writer = plan && (await change.nas.engine.writerFor(plan));
    await writer?.write.write('pool.snapshot.create', [{ dataset: 'tank/media', name: 'by-hand' }]);
    const page = await change.visit();
    await signedIn(page, change);
    expect(await textOf(page)).toContain('snapshot tank/media@by-hand has changed since this was planned.');
    expect(await page.getByRole('button', { name: 'Apply' }).count()).toBe(0);
  });

  it('a plan that expires while it is looked at is not applied, and the page asks for a sign-in again', async () => {
    const clock = { ms: Date.now() };
    const change = await waiting(undefined, undefined, { now: () => clock.ms });
    const page = await change.visit();
    await signedIn(page, change);
    clock.ms += 11 * 60_000;
    await page.getByRole('button', { name: 'Apply' }).click();
    await page.getByRole('alert').filter({ hasText: 'the plan has expired: nothing was done' }).waitFor();
    await signIn(page, change.nas.simulator.person);
    await page.getByRole('alert').filter({ hasText: 'it has ended or expired' }).waitFor();
    expect(change.nas.writes()).toEqual([]);
  });

  it('after a reload it asks for a sign-in again, as often as one likes', async () => {
    const change = await waiting();
    const { control } = change.nas.simulator;
    const page = await change.visit();
    const connections = control.connectionCount();
    for (let times = 0; times < 6; times += 1) {
      await signedIn(page, change);
      expect(control.connectionCount()).toBe(connections + 1);
      await page.reload();
      await page.getByRole('button', { name: 'Show the change' }).waitFor();
      // The page that went has given its connection back.
      await expect.poll(() => control.connectionCount(), { timeout: 15_000 }).toBe(connections);
      expect(await textOf(page)).not.toContain('tank/media');
    }
    await signedIn(page, change);
    await page.getByRole('button', { name: 'Apply' }).click();
    await page.getByText('DONE, and seen on the NAS afterwards').waitFor();
    expect(change.nas.writes()).toHaveLength(1);
  });

  it.each([
    ['Apply', 'Apply', 'has ended already (applied)'],
    ['Apply', 'Decline', 'has ended already (applied)'],
    ['Decline', 'Apply', 'has ended already (a person declined it)'],
  ])(
    'of two tabs, the one that comes second with %s, then %s, does nothing and says so',
    async (first, second, said) => {
      const change = await waiting();
      const tabs = [await change.visit(), await change.visit()] as const;
      for (const tab of tabs) await signedIn(tab, change);
      await tabs[0].getByRole('button', { name: first }).click();
      await tabs[0].getByText(first === 'Apply' ? 'DONE, and seen' : 'Declined. Nothing').waitFor();
      await tabs[1].getByRole('button', { name: second }).click();
      await tabs[1].getByRole('alert').filter({ hasText: said }).waitFor();
      expect(change.nas.writes()).toHaveLength(first === 'Apply' ? 1 : 0);
    },
  );

  it('when the server has gone, it says that the outcome of Apply is not known', async () => {
    const change = await waiting();
    const page = await change.visit();
    await signedIn(page, change);
    await page.route('**/apply', (route) => route.abort());
    await page.getByRole('button', { name: 'Apply' }).click();
    await page
      .getByRole('alert')
      .filter({ hasText: 'it is not known whether the change was applied' })
      .waitFor();
    expect(change.nas.writes()).toEqual([]);
  });
});
