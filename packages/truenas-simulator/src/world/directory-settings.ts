/** Settings of directories, as they come: none is joined. */
import { isAtLeast, type SimRelease } from '../releases.ts';
import type { Settings } from './settings.ts';

/** By namespace, as the release has them. */
export function directorySettings(release: SimRelease): Settings {
  if (isAtLeast(release, '25.10')) {
    return {
      directoryservices: {
        id: 1,
        service_type: null,
        credential: null,
        enable: false,
        enable_account_cache: true,
        enable_dns_updates: true,
        timeout: 10,
        kerberos_realm: null,
        configuration: null,
      },
    };
  }
  const none = { enable: false, kerberos_realm: null, disable_freenas_cache: false, timeout: 60 };
  return {
    activedirectory: {
      ...none,
      domainname: '',
      bindname: '',
      bindpw: '',
      verbose_logging: false,
      use_default_domain: false,
      allow_trusted_doms: false,
      allow_dns_updates: true,
      restrict_pam: false,
      site: null,
      kerberos_principal: '',
      dns_timeout: 10,
      nss_info: 'TEMPLATE',
      createcomputer: '',
      netbiosname: 'NAS',
      netbiosalias: [],
    },
    ldap: {
      ...none,
      hostname: [],
      basedn: '',
      binddn: '',
      bindpw: '',
      anonbind: false,
      ssl: 'ON',
      certificate: null,
      validate_certificates: true,
      dns_timeout: 10,
      kerberos_principal: '',
      auxiliary_parameters: '',
      schema: 'RFC2307',
    },
  };
}
