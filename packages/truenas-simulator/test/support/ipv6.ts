import { networkInterfaces } from 'node:os';

/** Whether this machine has the IPv6 loopback; containers often do not. */
export const hasIpv6Loopback = Object.values(networkInterfaces()).some((addresses) =>
  addresses?.some(({ address }) => address === '::1'),
);
