/** How a setting names a place that the audit goes to. */

export type AuditPlace =
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'git'; readonly path: string }
  | { readonly kind: 'slack'; readonly channel: string }
  | { readonly kind: 'http'; readonly url: string };

export const auditPlaceForms: Readonly<Record<AuditPlace['kind'], string>> = {
  file: 'file:/path/of/a/file',
  git: 'git:/path/of/a/clone',
  slack: 'slack:C0123ABCD',
  http: 'https://… without a password in it',
};

/** `undefined` when it is none of these kinds. */
export function readAuditPlace(text: string, kinds: readonly AuditPlace['kind'][]): AuditPlace | undefined {
  const place = placeOf(text);
  return place && kinds.includes(place.kind) ? place : undefined;
}

function placeOf(text: string): AuditPlace | undefined {
  const [, kind, rest = ''] = /^(file|git|slack):(.+)$/.exec(text) ?? [];
  if (kind === 'file' || kind === 'git') return { kind, path: rest };
  if (kind === 'slack') return /^[CG][A-Z0-9]{2,20}$/.test(rest) ? { kind, channel: rest } : undefined;
  return isSafe(text) ? { kind: 'http', url: text } : undefined;
}

/** It carries names and notes: in the clear only within this machine, and a password belongs into the token. */
function isSafe(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, username, password } = new URL(text);
  const isHere = /^(?:localhost|127\.0\.0\.1|\[::1\])$/.test(hostname);
  return (protocol === 'https:' || (protocol === 'http:' && isHere)) && username + password === '';
}

/** In logs and as the name of its row: nothing that may be secret, as a query is. */
export function nameOfPlace(place: AuditPlace): string {
  if (place.kind === 'slack') return `slack:${place.channel}`;
  if (place.kind !== 'http') return `${place.kind}:${place.path}`;
  const { origin, pathname } = new URL(place.url);
  return origin + pathname;
}
