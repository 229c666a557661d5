/** Kinds of the toolset `system`. */
import type { Kind } from '../kind.ts';
import { acme } from './acme.ts';
import { alertPolicy } from './alert-policy.ts';
import { alertService } from './alert-service.ts';
import { bootEnvironment } from './boot-environment.ts';
import { certificate } from './certificate.ts';
import { directoryService } from './directory-service.ts';
import { kerberos } from './kerberos.ts';
import { mail } from './mail.ts';
import { ntpServer } from './ntp-server.ts';
import { s3Bucket } from './s3-bucket.ts';
import { s3User } from './s3-user.ts';
import { serviceConfig } from './service-config.ts';
import { tunable } from './tunable.ts';
import { update } from './update.ts';
import { webshare } from './webshare.ts';

export const KINDS: readonly Kind[] = [
  certificate,
  acme,
  directoryService,
  kerberos,
  bootEnvironment,
  update,
  ntpServer,
  tunable,
  mail,
  alertService,
  alertPolicy,
  serviceConfig,
  s3Bucket,
  s3User,
  webshare,
];
