/** The doors through which untrusted text passes on its way to the screen. */

/**
 * The address, when a click on it can only open a page or write a mail; `undefined` otherwise (`javascript:`,
 * `data:`, `file:`, relative ones and what is no address at all).
 */
export function safeUrl(candidate: unknown): string | undefined {
  if (typeof candidate !== 'string') return undefined;
  if (!URL.canParse(candidate)) return undefined;
  const { protocol, href } = new URL(candidate);
  return ['http:', 'https:', 'mailto:'].includes(protocol) ? href : undefined;
}

/** As `safeUrl`, for pictures: also PNG data, never SVG (which can carry scripts). */
export function safeImageUrl(candidate: unknown): string | undefined {
  if (typeof candidate !== 'string') return undefined;
  if (/^data:image\/png;base64,[A-Za-z0-9+/=]+$/.test(candidate)) return candidate;
  const url = safeUrl(candidate);
  return url?.startsWith('mailto:') ? undefined : url;
}

/** Slack escapes three characters and no others; `&amp;lt;` must come out as `&lt;`. */
export function decodeEntities(text: string): string {
  return text.replace(/&(amp|lt|gt);/g, (_all, name: string) => ({ amp: '&', lt: '<', gt: '>' })[name] ?? '');
}

/** A `#rrggbb` colour or one of an attachment's three names, as a colour; the neutral one otherwise. */
export function attachmentColor(candidate: unknown): string {
  if (typeof candidate !== 'string') return 'var(--line-strong)';
  const named: Readonly<Record<string, string>> = {
    good: 'var(--good)',
    warning: 'var(--warning)',
    danger: 'var(--danger)',
  };
  if (/^#?[0-9a-f]{6}$/i.test(candidate)) return candidate.startsWith('#') ? candidate : `#${candidate}`;
  return named[candidate] ?? 'var(--line-strong)';
}
