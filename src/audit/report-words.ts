/** What a verified audit proves, and what it cannot, in lines for a terminal. Pure. */
import { count } from '../core/text.ts';
import { inOneLine, moment } from './fault-words.ts';
import type { AuditReport } from './verify.ts';

export function reportLines(
  report: AuditReport,
  given: { readonly keys: number; readonly anchors: number },
): string[] {
  if (report.fault !== undefined) return [`NOT as it was written. ${report.fault}`];
  return [
    ...verified(report),
    ...report.redactions.map(
      ({ rule, at, entries }) =>
        `${count(entries, 'event')} redacted on ${moment(at)} by rule "${inOneLine(rule)}".`,
    ),
    ...report.restoredAt.map(
      (at) => `Restored from a backup on ${moment(at)}: what had happened since that backup is not in it.`,
    ),
    ...(report.withheld === 0
      ? []
      : [
          `${count(report.withheld, 'event')} withheld from this copy, for holding what looks like a secret: only the hash was checked.`,
        ]),
    // Whoever made an excerpt may take out any content, and leave out a redaction that would account for it.
    ...(report.bare === 0
      ? []
      : [
          `${count(report.bare, 'event')} ${report.bare === 1 ? 'has' : 'have'} no content here: redacted, or taken out of this copy; only their place is proven.`,
        ]),
    ...(report.excerpt === undefined ? signed(report, given.keys) : linked(report, given)),
    ...unproven(report, given),
  ];
}

function verified({ entries, first, last, excerpt, older }: AuditReport): string[] {
  if (!first || !last) return [];
  const span = `${count(entries, 'event')}, ${first.position} to ${last.position}, of ${moment(first.at)} to ${moment(last.at)}`;
  if (excerpt !== undefined) {
    return [
      `Each fits its own hash: ${span}. It is an excerpt (${inOneLine(excerpt)}): what was left out of it is not proven.`,
    ];
  }
  const lines = [`As it was written: ${span}, each following the one before.`];
  if (first.position > 1) lines.push(`It begins at event ${first.position}: what came before is not in it.`);
  if (older > 0)
    lines.push(
      `${count(older, 'event')} joined when the chain was begun: nothing is proven of them before that.`,
    );
  return lines;
}

function signed({ checkpoints, signedUpTo, last }: AuditReport, keys: number): string[] {
  if (checkpoints === 0)
    return ['Nothing in it is signed: whoever can write the database could have written all of it.'];
  if (keys === 0) return [unchecked(checkpoints)];
  const rest = (last?.position ?? 0) - signedUpTo;
  return [
    `Signed up to event ${signedUpTo}, by ${count(checkpoints, 'checkpoint')}.`,
    ...(rest > 0
      ? [`The ${count(rest, 'event')} after it ${rest === 1 ? 'has' : 'have'} no signature yet.`]
      : []),
  ];
}

function unchecked(checkpoints: number): string {
  return `${count(checkpoints, 'signature')} in it ${checkpoints === 1 ? 'was' : 'were'} not checked: give the public key with --key.`;
}

/** Of an excerpt: between its events there may be any that were invented. */
function linked(
  { linked: { signed, anchored, either }, checkpoints, entries }: AuditReport,
  { keys, anchors }: { readonly keys: number; readonly anchors: number },
): string[] {
  const of = (number: number) => `${number} of ${count(entries, 'event')}`;
  const lines: string[] = [];
  if (keys > 0) lines.push(`Linked to a signature: ${of(signed)}.`);
  else if (checkpoints > 0) lines.push(unchecked(checkpoints));
  if (anchors > 0) lines.push(`Linked to an anchor: ${of(anchored)}.`);
  if (either < entries)
    lines.push(
      `Linked to neither a checked signature nor an anchor: ${of(entries - either)}. Such an event only fits its own hash, and whoever made the excerpt could have written it: verify the whole export, or the database.`,
    );
  return lines;
}

function unproven(
  { anchoredUpTo, last, excerpt }: AuditReport,
  { anchors }: { readonly anchors: number },
): string[] {
  if (anchors === 0) {
    return [
      'Not proven: that nothing newer was deleted, and that whoever holds the signing key has not written it anew. Only a checkpoint kept elsewhere can tell: give those with --anchor.',
    ];
  }
  if (excerpt !== undefined) return [];
  const end = last?.position ?? 0;
  return [
    `Anchored up to event ${anchoredUpTo}: up to there nothing was deleted or written anew.`,
    ...(end > anchoredUpTo || anchoredUpTo > 0
      ? [`Not proven: that nothing was deleted or written anew after event ${anchoredUpTo}.`]
      : []),
  ];
}
