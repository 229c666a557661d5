/** TLS alerts (RFC 8446, section 6) by which a server ends a handshake, in words for a person. */

/** The reason, completing "… is not reachable: ", and the next step. */
export type Explanation = readonly [why: string, nextStep: string];

/** Explains the alert that a TLS error tells of; undefined for another error. */
export function explainTlsAlert(error: unknown): Explanation | undefined {
  const number =
    error instanceof Error ? /SSL alert number (\d{1,3})\b/u.exec(error.message)?.[1] : undefined;
  if (number === undefined) return undefined;
  return ALERTS[Number(number)] ?? [`the TLS handshake was refused (alert ${number})`, ELSEWHERE];
}

const ELSEWHERE =
  'Check that TRUENAS_URL is the address of the NAS itself; a proxy or firewall in between may refuse.';

const NO_SITE: Explanation = [
  'it serves no site of the name or address in TRUENAS_URL',
  'A proxy in front of the NAS goes by the name: use the name that it knows, or the address of the NAS itself.',
];

/** Client and server share no version of TLS. */
export const NO_COMMON_TLS: Explanation = [
  'it has no TLS version or cipher in common with this program',
  'This program needs TLS 1.2 or later: update the NAS, or the proxy in between that ends the TLS connection.',
];

const ALERTS: Readonly<Record<number, Explanation>> = {
  40: NO_COMMON_TLS,
  70: NO_COMMON_TLS,
  71: NO_COMMON_TLS,
  86: NO_COMMON_TLS,
  // Some proxies answer an unknown name with an internal error.
  80: [
    'the TLS server has an internal error, or serves no site of the name in TRUENAS_URL',
    'Use the name that the NAS, or a proxy in front of it, has a certificate for; look at its log.',
  ],
  112: NO_SITE,
  116: [
    'it asks for a certificate of the client, which TrueNAS never does',
    'A proxy in between demands it: set TRUENAS_URL to the address of the NAS itself.',
  ],
  120: [
    'it does not offer HTTP/1.1, which WebSockets need',
    'Let the proxy in between offer HTTP/1.1 besides HTTP/2, or set TRUENAS_URL to the address of the NAS itself.',
  ],
};
