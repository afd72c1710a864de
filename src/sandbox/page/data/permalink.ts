/** The address of a message, as `chat.getPermalink` gives it: `/archives/C0DEPLOYS/p1763712582000200?thread_ts=...`. Pure. */

export interface PermalinkTarget {
  readonly channel: string;
  /** The message itself. */
  readonly at: string;
  /** The thread that it is a reply of. */
  readonly thread?: string;
}

/** Where the address leads, when it leads to a message of this sandbox. */
export function parsePermalink(address: string, origin: string): PermalinkTarget | undefined {
  if (!URL.canParse(address)) return undefined;
  const url = new URL(address);
  const match = /^\/archives\/([A-Z0-9]+)\/p(\d{10})(\d{6})$/.exec(url.pathname);
  if (url.origin !== origin || !match) return undefined;
  const at = `${match[2]}.${match[3]}`;
  const thread = url.searchParams.get('thread_ts');
  const isReply = thread !== null && /^\d{10}\.\d{6}$/.test(thread) && thread !== at;
  return { channel: match[1] ?? '', at, ...(isReply ? { thread } : {}) };
}
