/** Certificates, keys, and directories of accounts. */
import { destroys, executes, exposes, loses } from '../finding.ts';
import type { MethodRule, Rule } from '../rule.ts';
import {
  choice,
  each,
  fields,
  flag,
  given,
  identity,
  list,
  mapOf,
  setting,
  settings,
  text,
  tree,
} from '../rules.ts';

const trusted = flag({
  on: exposes('whatever the certificate vouches for is believed'),
  off: loses('what it vouches for is no longer believed'),
});
const key = { ...given(exposes('whoever has the key signs in there')), isText: true };

const extensions = fields({
  BasicConstraints: fields(each('ca enabled path_length extension_critical', setting)),
  AuthorityKeyIdentifier: fields(each('authority_cert_issuer enabled extension_critical', setting)),
  ExtendedKeyUsage: fields({ usages: settings, ...each('enabled extension_critical', setting) }),
  KeyUsage: fields(
    each(
      `enabled digital_signature content_commitment key_encipherment data_encipherment key_agreement key_cert_sign crl_sign
      encipher_only decipher_only extension_critical`,
      setting,
    ),
  ),
});

const elsewhere = exposes('the NAS signs in to another host');
const credential = fields({
  private_key: key,
  public_key: key,
  ...each('host port username connect_timeout', given(elsewhere)),
  remote_host_key: { ...given(elsewhere), isText: true },
});

const kerberosHosts = list(
  setting,
  exposes('sign-ins are checked by other hosts'),
  loses('sign-ins are no longer checked'),
);
const realm = fields({
  realm: identity,
  primary_kdc: given(exposes('sign-ins are checked by another host')),
  ...each('kdc admin_server kpasswd_server', kerberosHosts),
});
const keytab = fields({
  name: identity,
  file: { ...given(exposes('whoever the key is for signs in')), isText: true },
});

const idmapNames = `name range_low range_high idmap_backend schema_mode unix_primary_group unix_nss_info ldap_base_dn ldap_user_dn
  ldap_user_dn_password ldap_url readonly validate_certificates bind_path_user bind_path_group user_cn ldap_realm sssd_compat`;
const directory = exposes('who is who, and may sign in, is told by another host');

export const IDENTITY: Readonly<Record<string, MethodRule>> = {
  'certificate.create': {
    risk: 'configuration',
    why: 'a certificate is made, or asked for at another host',
    makes: true,
    params: [
      fields({
        ...each(
          `csr_id signedby key_length renew_days type lifetime serial city common country ec_curve email
          key_type name organization organizational_unit passphrase state create_type digest_algorithm`,
          setting,
        ),
        ...each('certificate CSR', text),
        privatekey: { ...given(exposes('a private key travels to the NAS, and stays there')), isText: true },
        tos: flag({ on: exposes('the terms of service of another party are agreed to') }),
        acme_directory_uri: given(exposes('another host is asked to vouch for the NAS')),
        dns_mapping: mapOf(setting),
        san: settings,
        cert_extensions: extensions,
        add_to_trusted_store: trusted,
      }),
    ],
  },
  'certificate.update': {
    risk: 'configuration',
    why: 'settings of a certificate change',
    params: [
      identity,
      fields({
        name: identity,
        renew_days: setting,
        revoked: flag({ on: destroys('what uses the certificate is no longer believed') }),
        add_to_trusted_store: trusted,
      }),
    ],
  },
  'certificate.delete': {
    risk: 'destroys',
    why: 'the certificate and its key are lost',
    params: [identity, flag({ on: destroys('also while it is in use') })],
  },
  'acme.dns.authenticator.create': {
    risk: 'exposes',
    why: 'the NAS signs in to a host of names',
    makes: true,
    params: [authenticator()],
  },
  'acme.dns.authenticator.update': {
    risk: 'exposes',
    why: 'the NAS signs in to a host of names',
    params: [identity, authenticator()],
  },
  'acme.dns.authenticator.delete': {
    risk: 'destroys',
    why: 'certificates that need it are no longer renewed',
    params: [identity],
  },
  'keychaincredential.create': {
    risk: 'exposes',
    why: 'a key or a sign-in to another host is stored',
    makes: true,
    params: [fields({ ...each('name type', setting), attributes: credential })],
  },
  'keychaincredential.update': {
    risk: 'exposes',
    why: 'a key or a sign-in to another host changes',
    params: [identity, fields({ name: setting, attributes: credential })],
  },
  'keychaincredential.delete': {
    risk: 'destroys',
    why: 'tasks that sign in with it no longer run',
    params: [identity, fields({ cascade: flag({ on: destroys('those tasks are deleted') }) })],
  },
  'keychaincredential.remote_ssh_host_key_scan': {
    risk: 'exposes',
    why: 'the NAS connects to another host',
    params: [fields(each('host port connect_timeout', setting))],
  },
  'cloudsync.credentials.delete': {
    risk: 'destroys',
    why: 'tasks that sign in with it no longer run',
    params: [identity],
  },
  'kerberos.keytab.create': {
    risk: 'exposes',
    why: 'a key for sign-ins is stored',
    makes: true,
    params: [keytab],
  },
  'kerberos.keytab.update': {
    risk: 'exposes',
    why: 'a key for sign-ins changes',
    params: [identity, keytab],
  },
  'kerberos.keytab.delete': {
    risk: 'destroys',
    why: 'sign-ins with the key no longer work',
    params: [identity],
  },
  'kerberos.realm.create': {
    risk: 'exposes',
    why: 'sign-ins are checked by other hosts',
    makes: true,
    params: [realm],
  },
  'kerberos.realm.update': {
    risk: 'exposes',
    why: 'sign-ins are checked by other hosts',
    params: [identity, realm],
  },
  'kerberos.realm.delete': {
    risk: 'destroys',
    why: 'accounts of the realm may no longer sign in',
    params: [identity],
  },
  'kerberos.update': {
    risk: 'configuration',
    why: 'settings of Kerberos change',
    params: [
      fields(
        each(
          'appdefaults_aux libdefaults_aux',
          given(executes('auxiliary parameters can load programs as root'), {
            cleared: exposes('limits that the auxiliary parameters set are gone'),
          }),
        ),
      ),
    ],
  },
  'directoryservices.leave': {
    risk: 'destroys',
    why: 'accounts of the directory may no longer sign in, and files keep only their numbers',
    params: [fields({ credential: fields(each('credential_type username password', setting)) })],
  },
  'directoryservices.cache_refresh': { risk: 'reversible', why: 'accounts are read again', params: [] },
  'directoryservices.sync_keytab': {
    risk: 'configuration',
    why: 'keys for sign-ins are read again',
    params: [],
  },
  'activedirectory.leave': {
    risk: 'destroys',
    why: 'accounts of the domain may no longer sign in, and files keep only their numbers',
    params: [fields(each('username password', setting))],
  },
  'idmap.clear_idmap_cache': {
    risk: 'configuration',
    why: 'numbers of accounts are looked up again',
    params: [],
  },
  'idmap.delete': {
    risk: 'destroys',
    why: 'accounts of a domain lose their numbers, and so their files',
    params: [identity],
  },
  'idmap.create': { risk: 'exposes', why: directory.reason, makes: true, params: [idmap()] },
  'idmap.update': {
    risk: 'destroys',
    why: 'accounts of a domain may get other numbers, and lose their files to others',
    params: [identity, idmap()],
  },
  'kmip.update': {
    risk: 'destroys',
    why: 'encryption keys move to, or from, another host: without it the data is lost',
    params: [
      fields({
        ...each(
          'enabled manage_sed_disks manage_zfs_keys certificate certificate_authority port server ssl_version',
          setting,
        ),
        ...each('change_server validate', setting),
        force_clear: flag({ on: destroys('keys that are kept there are forgotten') }),
      }),
    ],
  },
  'kmip.sync_keys': { risk: 'destroys', why: 'encryption keys move to, or from, another host', params: [] },
  'kmip.clear_sync_pending_keys': {
    risk: 'destroys',
    why: 'keys that were not moved yet are forgotten',
    params: [],
  },
};

function authenticator(): Rule {
  return fields({
    name: setting,
    attributes: fields({
      authenticator: choice({
        cloudflare: undefined,
        digitalocean: undefined,
        OVH: undefined,
        route53: undefined,
        shell: executes('a script runs on the NAS'),
      }),
      ...each(
        `cloudflare_email api_key api_token digitalocean_token application_key application_secret consumer_key
        endpoint access_key_id secret_access_key timeout delay`,
        setting,
      ),
      ...each('script user', given(executes('a script runs on the NAS'))),
    }),
  });
}

function idmap(): Rule {
  return fields({
    ...each('name dns_domain_name range_low range_high idmap_backend certificate', setting),
    options: tree(
      `${idmapNames.replace(/^name range_low range_high idmap_backend /, '')} rangesize ignore_builtin ssl linked_service
      ldap_server cn_realm ldap_domain`,
      directory,
    ),
  });
}
