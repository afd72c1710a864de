/**
 * Reads an export line by line and finds the first thing in it that is not as it was written. Knows only the lines, the
 * public keys and the anchors that it is given: it runs on any machine. Pure.
 */
import { z } from 'zod';
import type { AuditKind, AuditLink, RedactionNote, SignedCheckpoint } from '../core/audit.ts';
import { dayMs } from '../core/duration.ts';
import type { RequestId } from '../core/ids.ts';
import { sha256 } from './canonical.ts';
import { beginning, linkHash, sealOf } from './chain.ts';
import { type PublicKey, readCheckpoint } from './checkpoint.ts';
import { eventName, faults } from './fault-words.ts';
import { excerptMax, type LineParts, partsOf } from './line.ts';
import { LinkedEntries } from './linked-entries.ts';

/** What an export turned out to be. */
export interface AuditReport {
  /** The first thing that is wrong, in a sentence; nothing after it was looked at. */
  readonly fault?: string;
  readonly entries: number;
  readonly first?: Seen;
  readonly last?: Seen;
  /** What it was chosen by, when it is not all of it. */
  readonly excerpt?: string;
  /** Entries that were there before the chain was. */
  readonly older: number;
  readonly redactions: readonly { readonly rule: string; readonly at: number; readonly entries: number }[];
  /** When a backup took the place of what was there. */
  readonly restoredAt: readonly number[];
  readonly withheld: number;
  /** Without their content, where no redaction in it says so: in an excerpt that is no fault. */
  readonly bare: number;
  readonly checkpoints: number;
  /** Up to here it is signed by a key that was given. */
  readonly signedUpTo: number;
  /** Up to here an anchor says the same. */
  readonly anchoredUpTo: number;
  /** How many entries lead to such a signature, to such an anchor, and to either: in an excerpt not all before it do. */
  readonly linked: { readonly signed: number; readonly anchored: number; readonly either: number };
}

export interface Seen {
  readonly position: number;
  readonly hash: string;
  readonly at: number;
}

export interface VerifyOptions {
  readonly keys: readonly PublicKey[];
  /** Checkpoints from outside, in any order. */
  readonly anchors: readonly SignedCheckpoint[];
}

export interface Verifier {
  /** `false` once something is wrong: the rest need not be read. */
  add(line: string): boolean;
  end(): AuditReport;
}

export function createVerifier({ keys, anchors }: VerifyOptions): Verifier {
  const anchorsAt = Map.groupBy(anchors, ({ checkpoint }) => checkpoint.position);
  const redactions: { rule: string; at: number; entries: number }[] = [];
  const restoredAt: number[] = [];
  const bare = new BareEntries();
  const linked = { signed: new LinkedEntries(), anchored: new LinkedEntries(), either: new LinkedEntries() };
  const linkedInAnyWay = Object.values(linked);
  let fault: string | undefined;
  let header: z.infer<typeof headerSchema> | undefined;
  let lines = 0;
  let entries = 0;
  let older = 0;
  let withheld = 0;
  let checkpoints = 0;
  let signedUpTo = 0;
  let anchoredUpTo = 0;
  let first: Seen | undefined;
  let last: (Seen & { readonly link: AuditLink }) | undefined;

  function lineFault(line: string): string | undefined {
    const parts = partsOf(line);
    if (parts) return entryFault(parts);
    const other = fromJson(line);
    const asHeader = headerSchema.safeParse(other);
    if (asHeader.success && lines === 1) {
      header = asHeader.data;
      return undefined;
    }
    const signed = readCheckpoint(other);
    return signed ? checkpointFault(signed) : faults.unreadable(lines);
  }

  function entryFault(parts: LineParts): string | undefined {
    const link = readLink(parts.link);
    if (!link) return faults.unreadable(lines);
    const broken = orderFault(link) ?? contentFault(parts, link);
    if (broken !== undefined) return broken;
    entries++;
    const isNext = link.position === (last?.position ?? 0) + 1;
    for (const one of linkedInAnyWay) one.add(isNext);
    last = { position: link.position, hash: parts.hash, at: link.at, link };
    first ??= last;
    if (parts.isWithheld) withheld++;
    else if (parts.salt === undefined) bare.add(link.position, eventName(link));
    return chainFault(link, parts.body) ?? anchorFault(link, parts.hash);
  }

  function orderFault(link: AuditLink): string | undefined {
    const isExcerpt = header?.excerpt !== undefined;
    const expected = last ? last.position + 1 : header && !isExcerpt ? 1 : link.position;
    if (last && link.position <= last.position)
      return faults.outOfOrder(eventName(link), lines, last.position);
    if (link.position > expected && !isExcerpt) return faults.missing(expected, link.position - 1);
    if (link.position === 1 && link.previous !== beginning) return faults.notTheFirst(eventName(link));
    const follows = link.position === expected && last;
    return follows && link.previous !== last?.hash
      ? faults.doesNotFollow(eventName(link), eventName(follows.link))
      : undefined;
  }

  function contentFault(parts: LineParts, link: AuditLink): string | undefined {
    if (linkHash(parts.link) !== parts.hash) return faults.linkChanged(eventName(link));
    if (parts.salt !== undefined) {
      return sealOf(parts.salt, parts.body) === link.seal ? undefined : faults.bodyChanged(eventName(link));
    }
    // Of a refusal a redaction deletes the row; of everything else it leaves the open part.
    const isGone = link.kind === 'refusal' && parts.body === 'null' && !parts.isWithheld;
    return isGone || sha256(parts.body) === link.open ? undefined : faults.openPartChanged(eventName(link));
  }

  /** What the chain says of itself, which anybody may have written who could write a chain. */
  function chainFault(link: AuditLink, text: string): string | undefined {
    if (link.kind !== 'chain') return undefined;
    const begun = begunSchema.safeParse(fromJson(text));
    if (link.type === 'begun' && begun.success) older = begun.data.entries;
    if (link.type === 'restored') restoredAt.push(link.at);
    if (link.type !== 'redacted') return undefined;
    const note = redactionSchema.safeParse(fromJson(text));
    if (!note.success) return faults.unreadable(lines);
    const { rule, positions } = note.data;
    bare.account(positions);
    const number = positions.reduce((sum, [from, to]) => sum + to - from + 1, 0);
    const newest = redactions.at(-1);
    const isSame = newest?.rule === rule && dayOf(newest.at) === dayOf(link.at);
    if (isSame) newest.entries += number;
    else redactions.push({ rule, at: link.at, entries: number });
    return undefined;
  }

  function anchorFault(link: AuditLink, hash: string): string | undefined {
    for (const anchor of anchorsAt.get(link.position) ?? []) {
      const wrong = signatureFault(anchor);
      if (wrong !== undefined) return wrong;
      if (anchor.checkpoint.hash !== hash)
        return faults.otherThanAnchored(eventName(link), anchor.checkpoint);
      anchoredUpTo = link.position;
      linked.anchored.vouch();
      linked.either.vouch();
    }
    return undefined;
  }

  function checkpointFault(signed: SignedCheckpoint): string | undefined {
    const { checkpoint } = signed;
    const wrong = signatureFault(signed);
    if (wrong !== undefined) return wrong;
    checkpoints++;
    if (last?.position === checkpoint.position) {
      if (last.hash !== checkpoint.hash) return faults.otherThanSigned(eventName(last.link), checkpoint);
      if (keys.length === 0) return undefined;
      signedUpTo = checkpoint.position;
      linked.signed.vouch();
      linked.either.vouch();
      return undefined;
    }
    if (header?.excerpt !== undefined) return undefined;
    return checkpoint.position > (last?.position ?? 0)
      ? faults.cutBefore(checkpoint, last?.position ?? 0)
      : faults.checkpointOutOfPlace(checkpoint, lines);
  }

  /** Nothing is said of signatures when no key was given. */
  function signatureFault(signed: SignedCheckpoint): string | undefined {
    if (keys.length === 0) return undefined;
    const key = keys.find(({ name }) => name === signed.checkpoint.key);
    if (!key) return faults.otherKey(signed.checkpoint, keys);
    return key.verifies(signed) ? undefined : faults.badSignature(signed.checkpoint);
  }

  function endFault(): string | undefined {
    if (entries === 0) return faults.nothing();
    if (header?.excerpt !== undefined) return undefined;
    const unaccounted = bare.first();
    if (unaccounted !== undefined) return faults.removedWithoutRule(unaccounted);
    const end = last?.position ?? 0;
    const beyond = anchors.find(({ checkpoint }) => checkpoint.position > end);
    // What anybody may have posted where anchors are must not make events seem to be missing.
    if (beyond) return signatureFault(beyond) ?? faults.cut(beyond.checkpoint, end);
    return keys.length > 0 && signedUpTo === 0 ? faults.nothingSigned() : undefined;
  }

  return {
    add(line) {
      lines++;
      fault ??= line === '' ? undefined : lineFault(line);
      return fault === undefined;
    },
    end() {
      fault ??= endFault();
      return {
        ...(fault === undefined ? {} : { fault }),
        ...(first && last ? { first, last } : {}),
        ...(header?.excerpt === undefined ? {} : { excerpt: header.excerpt }),
        ...{ entries, older, redactions, restoredAt, withheld, checkpoints, signedUpTo, anchoredUpTo },
        bare: bare.size,
        linked: {
          signed: linked.signed.number,
          anchored: linked.anchored.number,
          either: linked.either.number,
        },
      };
    },
  };
}

/** Entries without their content, until a redaction accounts for them. */
class BareEntries {
  readonly #names = new Map<number, string>();

  add(position: number, name: string): void {
    this.#names.set(position, name);
  }

  account(positions: RedactionNote['positions']): void {
    for (const [from, to] of positions) {
      // The shorter way round: a forged run may be as long as a number can be.
      const isLong = to - from >= this.#names.size;
      const run = isLong
        ? [...this.#names.keys()]
        : Array.from({ length: to - from + 1 }, (_, at) => from + at);
      for (const one of run) if (one >= from && one <= to) this.#names.delete(one);
    }
  }

  get size(): number {
    return this.#names.size;
  }

  first(): string | undefined {
    return this.#names.values().next().value;
  }
}

const headerSchema = z.strictObject({
  greenlight: z.literal('audit'),
  form: z.literal(1),
  excerpt: z.string().max(excerptMax).optional(),
});

const begunSchema = z.object({ entries: z.int().min(0) });

const redactionSchema = z.object({
  rule: z.string(),
  positions: z.array(z.tuple([z.int().min(1), z.int().min(1)])),
});

/** Written out, since a counted loop takes twice as long. */
const hashForm = `(${'[0-9a-f]'.repeat(64)})`;

/** Canonical JSON of a link and nothing else. Read by its form, since a million of them pass: zod takes several times as long. */
const linkForm = new RegExp(
  [
    String.raw`^\{"at":(-?\d{1,16}(?:\.\d{1,20})?),"form":1,"kind":"(event|refusal|chain)","open":"${hashForm}",`,
    String.raw`"position":([1-9]\d{0,15}),"previous":"${hashForm}",(?:"request":"(REQ-[1-9]\d{0,9})",)?`,
    String.raw`"seal":"${hashForm}",(?:"seq":([1-9]\d{0,15}),)?"type":"([^"\\]{1,80})"\}$`,
  ].join(''),
);

function readLink(text: string): AuditLink | undefined {
  const match = linkForm.exec(text);
  if (!match) return undefined;
  const [, at, kind, open = '', position, previous = '', request, seal = '', seq, type = ''] = match;
  const link: { -readonly [Name in keyof AuditLink]: AuditLink[Name] } = {
    at: Number(at),
    form: 1,
    kind: kind as AuditKind,
    open,
    position: Number(position),
    previous,
    seal,
    type,
  };
  if (request !== undefined) link.request = request as RequestId;
  if (seq !== undefined) link.seq = Number(seq);
  return link;
}

function dayOf(at: number): number {
  return Math.floor(at / dayMs);
}

function fromJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
