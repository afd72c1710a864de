/** Why another machine could not be reached or did not answer, in words that follow "The cluster sandbox". */

export interface Outage {
  /** A predicate: "refuses connections". */
  readonly words: string;
  /** False for what no waiting repairs: a certificate, an address that is not one. */
  readonly isTransient: boolean;
}

/**
 * Reads the error of a `fetch` that got no answer. Node's fetch hides the reason in `cause`, sometimes several deep,
 * and an AggregateError when every address of a name failed.
 */
export function outageOf(error: unknown): Outage {
  const code = codesOf(error).find((one) => one in outages);
  return code === undefined ? unknownOutage : (outages[code] ?? unknownOutage);
}

/** How the operator finds it in the log: names and codes of the whole chain of causes, never headers or bodies. */
export function outageDetail(error: unknown): string {
  return chainOf(error)
    .map((one) => `${one.name}${'code' in one ? ` ${String(one.code)}` : ''}: ${one.message}`)
    .join(' < ')
    .slice(0, 500);
}

const unknownOutage: Outage = { words: 'could not be reached', isTransient: true };
const timedOut: Outage = { words: 'did not answer in time', isTransient: true };
const brokenOff: Outage = { words: 'broke off the connection before it answered', isTransient: true };
const untrusted: Outage = { words: 'shows a certificate that is not trusted here', isTransient: false };

/** Codes of Node's sockets and TLS, and of undici, which is the `fetch` of Node and of the Kubernetes client. */
const outages: Readonly<Record<string, Outage>> = {
  TimeoutError: timedOut,
  ETIMEDOUT: timedOut,
  UND_ERR_CONNECT_TIMEOUT: timedOut,
  UND_ERR_HEADERS_TIMEOUT: timedOut,
  UND_ERR_BODY_TIMEOUT: timedOut,
  ECONNREFUSED: { words: 'refuses connections', isTransient: true },
  ECONNRESET: brokenOff,
  EPIPE: brokenOff,
  UND_ERR_SOCKET: brokenOff,
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: brokenOff,
  EHOSTUNREACH: { words: 'cannot be reached over the network', isTransient: true },
  ENETUNREACH: { words: 'cannot be reached over the network', isTransient: true },
  ENOTFOUND: { words: 'has an address that no name server knows', isTransient: true },
  EAI_AGAIN: { words: 'has an address that cannot be looked up now', isTransient: true },
  CERT_HAS_EXPIRED: { words: 'shows a certificate that has expired', isTransient: false },
  ERR_TLS_CERT_ALTNAME_INVALID: { words: 'shows a certificate for another name', isTransient: false },
  DEPTH_ZERO_SELF_SIGNED_CERT: untrusted,
  SELF_SIGNED_CERT_IN_CHAIN: untrusted,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: untrusted,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: untrusted,
};

function codesOf(error: unknown): string[] {
  return chainOf(error).flatMap((one) => ('code' in one ? [String(one.code), one.name] : [one.name]));
}

function chainOf(error: unknown): Error[] {
  const chain: Error[] = [];
  const open: unknown[] = [error];
  // Eight is deeper than any cause seen; the bound is against a cause that is its own cause.
  while (open.length > 0 && chain.length < 8) {
    const next = open.shift();
    if (!(next instanceof Error)) continue;
    chain.push(next);
    open.push(next.cause, ...(next instanceof AggregateError ? next.errors : []));
  }
  return chain;
}
