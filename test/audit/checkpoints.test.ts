/** What signatures and anchors prove, and what is said where they prove nothing. */
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { nextEntry } from '../../src/audit/chain.ts';
import { readPublicKey, readSigner } from '../../src/audit/checkpoint.ts';
import { headerLine, lineOf } from '../../src/audit/line.ts';
import { openPart } from '../../src/audit/open-part.ts';
import { reportLines } from '../../src/audit/report-words.ts';
import type { AuditEntry } from '../../src/core/audit.ts';
import { at, chainOf, fullExport, keyPair, sources, verified } from './logs.ts';

const ours = keyPair();
const theirs = keyPair();
const entries = chainOf(sources(9));
const signedExport = [
  ...fullExport(entries.slice(0, 6)),
  ours.signedLine(at(entries, 5)),
  ...entries.slice(6).map(lineOf),
];
/** The same events but the third, from which on all hashes differ. */
const otherHistory = chainOf(
  sources(9).map((source, index) => (index === 2 ? { ...source, body: 'never happened' } : source)),
);
const keys = [ours.publicKey];

describe('a signature', () => {
  test('says up to where the key vouches for it, and how much comes after', () => {
    const report = verified(signedExport, { keys });
    expect(report).toMatchObject({ signedUpTo: 6, checkpoints: 1 });
    expect(reportLines(report, { keys: 1, anchors: 0 })).toEqual([
      'As it was written: 9 events, 1 to 9, of 2026-11-16 09:00 UTC to 2026-11-16 09:08 UTC, each following the one before.',
      'Signed up to event 6, by 1 checkpoint.',
      'The 3 events after it have no signature yet.',
      expect.stringMatching(/^Not proven: that nothing newer was deleted/),
    ]);
  });

  test('by another key is refused by name', () => {
    expect(verified(signedExport, { keys: [theirs.publicKey] }).fault).toBe(
      `The checkpoint of event 6 is signed by the key ${ours.publicKey.name}, and not by ${theirs.publicKey.name}.`,
    );
  });

  test('that pretends to be of our key is found out', () => {
    const signed = theirs.signed(at(entries, 5));
    const pretended = { ...signed, checkpoint: { ...signed.checkpoint, key: ours.publicKey.name } };
    const lines = signedExport.with(7, JSON.stringify(pretended));
    expect(verified(lines, { keys }).fault).toContain('and its signature is wrong');
  });

  test('is not checked without a key, and that is said', () => {
    expect(reportLines(verified(signedExport), { keys: 0, anchors: 0 })).toContain(
      '1 signature in it was not checked: give the public key with --key.',
    );
    expect(reportLines(verified(fullExport(entries)), { keys: 0, anchors: 0 })).toContain(
      'Nothing in it is signed: whoever can write the database could have written all of it.',
    );
  });

  test('that is missing altogether is a fault for whoever gave a key: a rewriter would leave them out', () => {
    expect(verified(fullExport(otherHistory), { keys }).fault).toContain('nothing here is signed by it');
  });

  test('does not fit a history that was written anew', () => {
    const lines = [...fullExport(otherHistory.slice(0, 6)), ours.signedLine(at(entries, 5))];
    expect(verified(lines, { keys }).fault).toMatch(
      /^Event 6 .* is not the one that was signed at 2026-11-16/,
    );
  });

  test('of events that are not there says that they are missing', () => {
    const lines = [...fullExport(entries.slice(0, 4)), ours.signedLine(at(entries, 5))];
    expect(verified(lines, { keys }).fault).toBe(
      'The events after 4 are missing here: a checkpoint at 2026-11-16 09:05 UTC signs event 6.',
    );
    const late = [...fullExport(entries), ours.signedLine(at(entries, 5))];
    expect(verified(late, { keys }).fault).toContain('belongs right after that event');
  });

  test('with the old key and the new one: both are accepted after a change of keys', () => {
    const lines = [...signedExport, theirs.signedLine(at(entries, 8))];
    expect(verified(lines, { keys: [...keys, theirs.publicKey] })).toMatchObject({ signedUpTo: 9 });
  });
});

describe('an anchor', () => {
  test('finds the newest events deleted, which the export alone cannot', () => {
    const cut = fullExport(entries.slice(0, 7));
    expect(verified(cut).fault).toBeUndefined();
    expect(verified(cut, { anchors: [ours.signed(at(entries, 8))] }).fault).toBe(
      'It ends at event 7, and an anchor of 2026-11-16 09:08 UTC has seen event 9: the newest 2 events at least are missing.',
    );
  });

  test('finds a history written anew by whoever has the key', () => {
    const lines = [...fullExport(otherHistory), ours.signedLine(at(otherHistory, 8))];
    expect(verified(lines, { keys }).fault).toBeUndefined();
    expect(verified(lines, { keys, anchors: [ours.signed(at(entries, 5))] }).fault).toMatch(
      /^Event 6 .* is not the one that an anchor of 2026-11-16 09:05 UTC has seen/,
    );
  });

  test('says up to where it proves something', () => {
    const report = verified(signedExport, { keys, anchors: [ours.signed(at(entries, 5))] });
    expect(reportLines(report, { keys: 1, anchors: 1 }).slice(-2)).toEqual([
      'Anchored up to event 6: up to there nothing was deleted or written anew.',
      'Not proven: that nothing was deleted or written anew after event 6.',
    ]);
  });

  test('of another key is no anchor', () => {
    expect(verified(signedExport, { keys, anchors: [theirs.signed(at(entries, 5))] }).fault).toContain(
      theirs.publicKey.name,
    );
  });

  test('of events beyond the end is believed only when it is signed by the key', () => {
    const cut = signedExport.slice(0, -2);
    const beyond = theirs.signed(at(entries, 8));
    expect(verified(cut, { keys, anchors: [beyond] }).fault).toBe(
      `The checkpoint of event 9 is signed by the key ${theirs.publicKey.name}, and not by ${ours.publicKey.name}.`,
    );
    const pretended = { ...beyond, checkpoint: { ...beyond.checkpoint, key: ours.publicKey.name } };
    expect(verified(cut, { keys, anchors: [pretended] }).fault).toContain('and its signature is wrong');
    expect(verified(cut, { keys, anchors: [ours.signed(at(entries, 8))] }).fault).toContain(
      'the newest 2 events at least are missing',
    );
  });
});

describe('of an excerpt, a signature and an anchor vouch', () => {
  const invented = nextEntry(
    { position: 4, hash: 'e'.repeat(64) },
    { ...at(sources(5), 4), body: 'never happened' },
    '0'.repeat(32),
  );
  const words = (...lines: string[]) => {
    const anchors = [ours.signed(at(entries, 8))];
    const report = verified([headerLine('REQ-1'), ...lines], { keys, anchors });
    return reportLines(report, { keys: keys.length, anchors: anchors.length });
  };

  const unlinked = (which: string) =>
    `Linked to neither a checked signature nor an anchor: ${which}. Such an event only fits its own hash, and whoever made the excerpt could have written it: verify the whole export, or the database.`;

  test('for what leads to them, and not for what was invented in between', () => {
    const ninth = at(entries, 8);
    expect(words(lineOf(at(entries, 1)), lineOf(invented), lineOf(ninth), ours.signedLine(ninth))).toEqual([
      'Each fits its own hash: 3 events, 2 to 9, of 2026-11-16 09:01 UTC to 2026-11-16 09:08 UTC. It is an excerpt (REQ-1): what was left out of it is not proven.',
      'Linked to a signature: 1 of 3 events.',
      'Linked to an anchor: 1 of 3 events.',
      unlinked('2 of 3 events'),
    ]);
  });

  test('for each event of a run without a hole, up to them and no further', () => {
    const sixth = at(entries, 5);
    const run = [lineOf(sixth), ours.signedLine(sixth), ...entries.slice(6).map(lineOf)];
    expect(words(...run).slice(1)).toEqual([
      'Linked to a signature: 1 of 4 events.',
      'Linked to an anchor: 4 of 4 events.',
    ]);
    expect(words(...run.slice(0, -1)).slice(1)).toEqual([
      'Linked to a signature: 1 of 3 events.',
      'Linked to an anchor: 0 of 3 events.',
      unlinked('2 of 3 events'),
    ]);
  });

  test('for the place alone of an event whose content was taken out', () => {
    const emptied = ({ link, hash, body }: AuditEntry) =>
      lineOf({ link, hash, salt: null, body: openPart(body) });
    const ninth = at(entries, 8);
    const run = (...lines: string[]) => words(...lines, lineOf(ninth), ours.signedLine(ninth)).slice(1, 3);
    expect(run(...entries.slice(5, 8).map(emptied))).toEqual([
      '3 events have no content here: redacted, or taken out of this copy; only their place is proven.',
      'Linked to a signature: 4 of 4 events.',
    ]);
    expect(run(emptied(at(entries, 7)))[0]).toMatch(/^1 event has no content here/);
    expect(run(lineOf(at(entries, 7)))[0]).toBe('Linked to a signature: 2 of 2 events.');
  });

  test('not when they are of an event that is not in it, or were not given', () => {
    const lines = [headerLine('REQ-1'), ours.signedLine(at(entries, 5)), lineOf(invented)];
    expect(reportLines(verified(lines, { keys }), { keys: 1, anchors: 0 }).slice(1)).toEqual([
      'Linked to a signature: 0 of 1 event.',
      unlinked('1 of 1 event'),
      expect.stringMatching(/^Not proven: that nothing newer was deleted/),
    ]);
    expect(reportLines(verified(lines), { keys: 0, anchors: 0 }).slice(1)).toEqual([
      '1 signature in it was not checked: give the public key with --key.',
      unlinked('1 of 1 event'),
      expect.stringMatching(/^Not proven: that nothing newer was deleted/),
    ]);
  });
});

test('what is no key is not taken for one', () => {
  for (const text of ['', 'x', 'AAAA', ours.signer.publicKey]) expect(readSigner(text)).toBeUndefined();
  for (const text of ['', 'x', 'AAAA']) expect(readPublicKey(text)).toBeUndefined();
});

test.each([
  ['P-256', generateKeyPairSync('ec', { namedCurve: 'P-256' })],
  ['Ed448', generateKeyPairSync('ed448')],
])('a key of another kind, as of %s, signs and vouches for nothing', (_kind, pair) => {
  const line = (key: KeyObject, type: 'pkcs8' | 'spki') =>
    key.export({ format: 'der', type }).toString('base64');
  expect(readSigner(line(pair.privateKey, 'pkcs8'))).toBeUndefined();
  expect(readPublicKey(line(pair.publicKey, 'spki'))).toBeUndefined();
});
