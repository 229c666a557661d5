/** Secrets in URLs and headers. */
import { describe, expect, test } from 'vitest';
import { createRedactor, REDACTED } from '../../src/output/redact/redactor.ts';
import { areTakenOut, PLAIN, stayAsTheyAre } from './support/taken-out.ts';

const redactor = createRedactor({ ownSecrets: [] });

const HEX64 = '8846f7eaee8fb117ad06bdd830b7586c8846f7eaee8fb117ad06bdd830b7586c';
const S3 = `https://s3.amazonaws.com/b/k?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20260101%2Fus-east-1%2Fs3%2Faws4_request&X-Amz-Date=20260101T000000Z&X-Amz-Expires=3600&X-Amz-SignedHeaders=host&X-Amz-Security-Token=${PLAIN}&X-Amz-Signature=${HEX64}`;

describe('a URL', () => {
  areTakenOut([
    ['signed for S3', S3, HEX64],
    ['with a session of S3', S3, PLAIN],
    [
      'signed for Google storage',
      `https://storage.googleapis.com/b/k?X-Goog-Expires=60&X-Goog-Signature=${HEX64}`,
      HEX64,
    ],
    [
      'signed for Azure',
      `https://x.blob.core.windows.net/c?sv=2024-11-04&se=2026-01-01&sr=c&sp=rl&sig=${PLAIN}%3D`,
      PLAIN,
    ],
    [
      'signed for CloudFront',
      `https://d1.cloudfront.net/x?Expires=1&Signature=${PLAIN}~x&Key-Pair-Id=K2`,
      PLAIN,
    ],
    [
      'signed for Alibaba',
      `https://b.oss-cn.aliyuncs.com/k?OSSAccessKeyId=x&Expires=1&Signature=${PLAIN}`,
      PLAIN,
    ],
    [
      'signed for Tencent',
      `https://b.cos.myqcloud.com/k?q-sign-algorithm=sha1&q-signature=${HEX64.slice(0, 40)}`,
      HEX64.slice(0, 40),
    ],
    ['signed by HMAC', `https://cdn.example/x?exp=1&hmac=${PLAIN}`, PLAIN],
    ['signed for Akamai', `https://cdn.example/x?hdnea=exp=1~hmac=${HEX64}`, HEX64],
    ['signed, its marks escaped for HTML', `https://x.example/k?a=1&amp;sig=${PLAIN}`, PLAIN],
    ['signed, its marks escaped for JSON', `https://x.example/k?a=1\\u0026sig=${PLAIN}`, PLAIN],
    ['signed, within another', `https://x.example/?next=https%3A%2F%2Fy%2F%3Fa%3D1%26sig%3D${PLAIN}`, PLAIN],
    [
      'with a code of sign-in',
      'https://x.example/callback?code=4/0AX4XfWjE9kQ2bN7vR3tY&state=x',
      '0AX4XfWjE9kQ2bN7vR3tY',
    ],
    ['with a key', 'https://maps.example/api?key=Zq7Lw9Rt2Xk4Vb8N', 'Zq7Lw9Rt2Xk4Vb8N'],
    ['with a token in its fragment', `https://x.example/cb#access_token=${PLAIN}&type=x`, PLAIN],
    ['with a ticket', `https://x.example/login?ticket=${PLAIN}`, PLAIN],
    ['with a token of Plex', `http://nas:32400/library?X-Plex-Token=${PLAIN}`, PLAIN],
    ['with a token for a user', 'https://Zq7Lw9Rt2Xk4Vb8N@sentry.example/1', 'Zq7Lw9Rt2Xk4Vb8N'],
    ['with user and password', `ssh://bob:${PLAIN}@nas/x`, PLAIN],
    ['of a webhook of Slack', 'https://hooks.slack.com/services/T0000/B0000/abcDEFghi', 'abcDEFghi'],
    ['of a webhook without its scheme', 'hooks.slack.com/services/T0000/B0000/abcDEFghi', 'abcDEFghi'],
    [
      'of a webhook of Teams',
      'https://x.webhook.office.com/webhookb2/8a1b/IncomingWebhook/0f1e2d3c4b5a/9f',
      '0f1e2d3c4b5a',
    ],
    [
      'of a webhook of Mattermost',
      'https://chat.example/hooks/9xk3m5qwertyb7n2zaqhd8fgsr',
      '9xk3m5qwertyb7n2zaqhd8fgsr',
    ],
    ['of a webhook of a house', `http://ha:8123/api/webhook/${HEX64}`, HEX64],
    ['of IFTTT', 'https://maker.ifttt.com/trigger/nas/with/key/dQw4w9WgXcQabc', 'dQw4w9WgXcQabc'],
  ]);

  test('of S3 keeps what is no secret', () => {
    const clean = redactor.text(S3);
    for (const part of [
      'X-Amz-Date=20260101T000000Z',
      'X-Amz-Expires=3600',
      'X-Amz-SignedHeaders=host',
      '/b/k?',
    ])
      expect(clean).toContain(part);
    expect(clean).toContain(`X-Amz-Signature=${REDACTED}`);
  });

  stayAsTheyAre([
    ['a code of HTTP', 'GET /x?code=404 and https://nas.local/error?code=404&access=read'],
    ['a code of an error', 'https://nas.local/?code=ENOENT&state=failed&key=name&hash=sha256&sign=1'],
    [
      'a user of git',
      'git@host:repo.git ssh://git@host/repo.git https://git@github.com/org/repo.git git@host',
    ],
    ['a user of a share', 'smb://alice@nas/media sftp://backup-user@10.0.0.5:22/x rsync://user1@nas/x'],
    ['a mount', 'alice@nas:/mnt/tank on /mnt type fuse.sshfs'],
    ['hooks of a repository', '/mnt/tank/git/repo.git/hooks/post-receive-2019-archive/file'],
    ['hooks on a site', 'https://github.com/org/repo/tree/main/hooks/post-receive-notification'],
    ['a folder of services', '/mnt/tank/services/home-assistant-config-2024/www'],
    ['a page of webhooks', 'https://docs.example/guide/webhooks/introduction-to-webhooks'],
    ['a folder called hooks', 'tank/projects/react-hooks/examples-of-2024-and-before'],
  ]);
});

describe('a header', () => {
  areTakenOut([
    ['of cookies, the second one', `Cookie: lang=de; session=${PLAIN}`, PLAIN],
    ['of cookies, the third one', `cookie: a=1; b=2; sid=${PLAIN}\nHost: x`, PLAIN],
    ['of cookies in JSON', `{"Cookie": "lang=de; session=${PLAIN}"}`, PLAIN],
    ['of cookies of a command', `curl -H "Cookie: a=1; session=${PLAIN}" https://x`, PLAIN],
    ['of cookies of an option', `curl -b "a=1; session=${PLAIN}" https://x`, PLAIN],
    ['of cookies of a long option', `curl --cookie 'a=1; session=${PLAIN}' https://x`, PLAIN],
    ['that sets a cookie', `Set-Cookie: lang=de; Path=/, sid=${PLAIN}; HttpOnly`, PLAIN],
    ['that sets two cookies', `Set-Cookie: a=1; Path=/\nSet-Cookie: sid=${PLAIN}; Secure`, PLAIN],
    [
      'of Amazon',
      `Authorization: AWS4-HMAC-SHA256 Credential=AKIA/x, SignedHeaders=host, Signature=${HEX64}`,
      HEX64,
    ],
    ['of a digest', `Authorization: Digest username="bob", realm="x", response="${HEX64}"`, HEX64],
    ['of a proxy', `Proxy-Authorization: Basic ${PLAIN}`, PLAIN],
    ['of a signature', `X-Hub-Signature-256: sha256=${HEX64}`, HEX64],
    ['of a key', `X-Api-Key: ${PLAIN}`, PLAIN],
    ['of a session', `X-Auth-Token: ${PLAIN}\nX-Y: z`, PLAIN],
  ]);

  stayAsTheyAre([
    ['words about cookies', 'cookie: expired; cookies are set; no cookie was sent'],
    ['words about signatures', 'signature: invalid, the signature is missing; signature=none'],
  ]);
});
