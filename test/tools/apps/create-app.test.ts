/** `create_app`: what a compose file asks for is told before it runs, and secrets pass no model. */
import { describe, expect, it } from 'vitest';
import { neededSecrets } from '../../../src/changes/secrets.ts';
import { type ChangeNas, changeNas } from '../../changes/support/change-nas.ts';
import { applied, planTextWith, planWith } from '../../changes/support/plan-and-apply.ts';

const WEB = { image: 'example/web:1' };

function start(release: '25.04' | '25.10' | '27.0' = '25.10'): Promise<ChangeNas> {
  return changeNas({ simulator: { release } });
}

function compose(services: Readonly<Record<string, unknown>>, rest: Readonly<Record<string, unknown>> = {}) {
  return { name: 'mine', compose: { ...rest, services } };
}

describe('a plan of create_app', () => {
  it('names images, ports, folders with their owners, named volumes, and what is typed', async () => {
    const nas = await start();
    const text = await planTextWith(nas, 'create_app', {
      name: 'mine',
      compose: `
services:
  web:
    image: example/web:1
    ports: ["30600:80", "127.0.0.1:30601:81/udp", "9000"]
    environment:
      - DB_PASSWORD=\${DB_PASSWORD}
      - LEVEL=\${LEVEL:-info}
    volumes: ["/mnt/tank/media:/media:ro", "cache:/cache"]
volumes: { cache: {} }
`,
    });
    expect(text).toContain('risk: executes');
    expect(text).toContain('1 container of example/web:1');
    expect(text).toContain('opens port 30600/tcp, 30601/udp of the NAS, to everybody');
    expect(text).toMatch(/web may read what lies in \/mnt\/tank\/media \(owner \d+:\d+, mode \d+:/u);
    expect(text).toContain('the volume cache lie');
    expect(text).toContain('typed at the approval: DB_PASSWORD');
    expect(text).toContain('"LEVEL":"info"');
    expect(nas.writes()).toEqual([]);
  });

  it('asks once for a value that two services share', async () => {
    const environment = { DB_PASSWORD: `\${DB_PASSWORD}` };
    const plan = await planWith(
      await start(),
      'create_app',
      compose({ web: { ...WEB, environment }, db: { ...WEB, environment } }),
    );
    expect(neededSecrets(plan.change.calls).map(({ label }) => label)).toEqual(['DB_PASSWORD of app mine']);
  });

  it('sends the path that a folder really has', async () => {
    const nas = await start();
    const text = await planTextWith(
      nas,
      'create_app',
      compose({ web: { ...WEB, volumes: ['/mnt/tank/media/../media:/media'] } }),
    );
    expect(text).toContain('"/mnt/tank/media:/media"');
    expect(text).toContain('read, change and delete');
  });

  it.each([
    [
      compose({ web: { ...WEB, environment: { DB_PASSWORD: 'hunter2hunter2' } } }),
      'holds a secret at services.web.environment.DB_PASSWORD',
    ],
    [compose({ web: { ...WEB, environment: ['API_KEY=abcdef1234567890abcdef'] } }), 'holds a secret'],
    [compose({ web: { ...WEB, ports: ['80:80'] } }), 'which the web interface of the NAS has'],
    [compose({ web: { ...WEB, ports: ['30013:80'] } }), 'which another app has'],
    [compose({ web: { ...WEB, ports: ['30600:80', '30600:81'] } }), 'opens port 30600/tcp twice'],
    [compose({ web: { ...WEB, ports: ['99999:80'] } }), 'has a port that cannot be read'],
    [compose({ web: { ...WEB, volumes: ['./data:/data'] } }), 'lies in no pool'],
    [compose({ web: { ...WEB, volumes: ['/mnt/tank/nowhere:/data'] } }), 'leads to nothing on the NAS'],
    [compose({ web: { ...WEB, volumes: ['/mnt/../etc:/data'] } }), 'leads'],
    [compose({ web: { build: '.' } }), 'names no image for web'],
    [compose({ web: { ...WEB, env_file: '.env' } }), 'reads another file at services.web.env_file'],
    [compose({ web: { ...WEB, command: `run \${MODE}` } }), 'has the variable MODE without a value'],
    [compose({ web: 'example/web' }), 'has no settings for the service web'],
    [compose({}), 'has no "services"'],
    [{ name: 'mine', compose: 'services: [' }, 'is no YAML'],
    [{ name: 'jellyfin', compose: { services: { web: WEB } } }, 'exists already'],
  ])('refuses %j', async (args, text) => {
    expect(await planTextWith(await start(), 'create_app', args)).toContain(text);
  });

  it.each([
    ['privileged', { privileged: true }],
    ['network_mode', { network_mode: 'host' }],
    ['devices', { devices: ['/dev/sda'] }],
  ])('says that the app gets at the NAS itself: %s', async (part, settings) => {
    const text = await planTextWith(await start(), 'create_app', compose({ web: { ...WEB, ...settings } }));
    expect(text).toContain(`the app gets at the NAS itself (${part})`);
  });

  it.each<[string, object]>([
    [
      'a volume that is a folder',
      { volumes: { v: { driver_opts: { o: 'bind', device: '/mnt/tank/media' } } } },
    ],
    ['all rights', { services: { a: { image: 'x', privileged: true } } }],
    ['a program of the NAS that runs it', { services: { a: { image: 'x', provider: { type: '/bin/sh' } } } }],
    ['another runtime', { services: { a: { image: 'x', runtime: 'other' } } }],
    ['the name of the host', { services: { a: { image: 'x', uts: 'host' } } }],
  ])('that gets at the NAS itself by %s is code, and reaches what is protected', async (_what, part) => {
    const compose = { services: { a: { image: 'x' } }, ...part };
    const closed = await changeNas();
    expect(await planTextWith(closed, 'create_app', { name: 'x', compose })).toContain('TRUENAS_ALLOW_CODE');
    const open = await changeNas({ rules: { allowsCode: true, protect: ['tank/documents'] } });
    expect(await planTextWith(open, 'create_app', { name: 'x', compose })).toContain('TRUENAS_PROTECT');
  });

  it('gives a folder away that is said to be a volume only after looking at it', async () => {
    const nas = await changeNas({ rules: { protect: ['tank/media'] } });
    const volumes = [{ type: 'volume', source: '/mnt/tank/media', target: '/x' }];
    const compose = { services: { a: { image: 'x', volumes } } };
    expect(await planTextWith(nas, 'create_app', { name: 'x', compose })).toContain('TRUENAS_PROTECT covers');
  });

  it('gives no folder of a protected dataset away, whoever agrees', async () => {
    const nas = await changeNas({ rules: { protect: ['tank/media'] } });
    const args = compose({ web: { ...WEB, volumes: ['/mnt/tank/media:/media'] } });
    expect(await planTextWith(nas, 'create_app', args)).toContain('TRUENAS_PROTECT covers');
  });
});

describe('an app that does not come up', () => {
  it('is no success', async () => {
    const nas = await start();
    const plan = await planWith(nas, 'create_app', compose({ web: WEB }));
    nas.simulator.control.next('app.create', { kind: 'pretend' });
    expect((await applied(nas, plan)).outcome.kind).toBe('differs');
  });
});
