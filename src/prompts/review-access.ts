import { definePrompt } from './prompt.ts';

/** Who can reach what? */
export const reviewAccess = definePrompt({
  name: 'review_access',
  title: 'Review security and access',
  description: 'Shares, accounts, services and certificates: who can reach what.',
  when: 'Asked who can reach what, whether the NAS is safe, about accounts, keys, guests or what is open to everyone.',
  arguments: [],
  needs: ['access_review', 'exposure_report', 'list_shares', 'list_services'],
  aim: () => 'Review who can reach what on this TrueNAS.',
  steps: () => [
    { tool: 'exposure_report', look: 'what is open to everybody, and what closes it' },
    {
      tool: 'list_shares',
      look: 'guest access, any host allowed, S3 buckets open to everyone, writable without need, whole pools shared; get_share shows one in full',
    },
    {
      tool: 'list_services',
      args: { state: 'RUNNING' },
      look: 'services that nothing needs; FTP and SNMP above all',
    },
    {
      tool: 'access_review',
      look: "administrators without need or second factor, keys never renewed, sudo and SSH by password, accounts nobody uses, and this server's own key",
    },
    {
      tool: 'call_api_read',
      args: { method: 'certificate.query', select: ['name', 'until', 'expired'] },
      look: 'expired or soon to be',
    },
    {
      tool: 'list_datasets',
      args: { encrypted: false, limit: 30, fields: ['name', 'encrypted', 'used'] },
      look: 'what is not encrypted, if theft of disks matters',
    },
  ],
  knowHow: [
    'Both the access list of a share and the one of its folder decide; the narrower wins. Guests count as the account nobody.',
    'An NFS export without networks or hosts is open to everybody who reaches the NAS; NFS trusts the numbers that a client sends.',
    'A second factor for the web page does not cover API keys, nor SSH keys.',
    'An API key may do what its owner may; a key of a full administrator that only reads is to be replaced by one of READONLY_ADMIN.',
  ],
  report:
    'Report: findings by risk (who could do what), each with its evidence and the smallest change that closes it; then what is well set. Never repeat a password, key or token, should one be seen.',
});
