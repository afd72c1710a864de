/** Whoever changes anything in an audit is found out, and the first event that is not as it was written is named. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonicalText, sha256 } from '../../src/audit/canonical.ts';
import { linkHash, nextEntry, sealOf } from '../../src/audit/chain.ts';
import { headerLine, lineOf } from '../../src/audit/line.ts';
import { openPart } from '../../src/audit/open-part.ts';
import { reportLines } from '../../src/audit/report-words.ts';
import type { AuditEntry, AuditLink, AuditSource } from '../../src/core/audit.ts';
import { at, chainOf, fullExport, keyPair, sources, verified } from './logs.ts';

const entries = chainOf(sources(9));
const lines = fullExport(entries);
const fifth = 'Event 5 (step_done, number 2 of REQ-2)';

/** The lines with one of them replaced; line 5 is event 5, as line 0 is the header. */
function withLine(index: number, line: string): string[] {
  return lines.with(index, line);
}

describe('an audit as it was written', () => {
  test('is found to be so, from its lines alone', () => {
    expect(verified(lines)).toMatchObject({ entries: 9, older: 0, withheld: 0, redactions: [] });
    expect(verified(lines).fault).toBeUndefined();
  });

  test('is JSON for every other tool, with the body as it was', () => {
    expect(JSON.parse(at(lines, 5))).toMatchObject({ link: { position: 5 }, body: at(entries, 4).body });
  });

  test('may hold any text: quotes, braces, lone surrogates, keys of prototypes', () => {
    const body = JSON.parse('{"__proto__":{"x":1},"a":"\\"},\\"body\\":{}","\\ud800":"\\udfff €  "}');
    const odd = chainOf([{ kind: 'event', at: 1, type: 'requested', body }]);
    expect(verified(fullExport(odd)).fault).toBeUndefined();
  });
});

describe('tampering', () => {
  const entry = at(entries, 4);
  const rewritten = (link: AuditLink, body: unknown = entry.body): AuditEntry => {
    const seal = sealOf(entry.salt ?? '', canonicalText(body));
    const whole = { ...link, seal, open: sha256(canonicalText(openPart(body))) };
    return { ...entry, link: whole, body, hash: linkHash(canonicalText(whole)) };
  };

  test.each([
    ['at', { at: 1 }],
    ['type', { type: 'failed' }],
    ['kind', { kind: 'refusal' }],
    ['request', { request: 'REQ-9' }],
    ['seq', { seq: 7 }],
    ['open', { open: '0'.repeat(64) }],
    ['seal', { seal: '0'.repeat(64) }],
  ])('of a field of the link (%s) names the event', (_name, change) => {
    const link = { ...entry.link, ...change } as AuditLink;
    expect(verified(withLine(5, lineOf({ ...entry, link }))).fault).toMatch(
      /^Event 5 \(.*\) was changed: its place, time, type or one of its hashes is not what was written\.$/,
    );
  });

  test('of a content names the event', () => {
    const body = { ...(entry.body as object), note: 'never happened' };
    expect(verified(withLine(5, lineOf({ ...entry, body }))).fault).toBe(
      `${fifth} was changed: its content is not what was written.`,
    );
    expect(verified(withLine(5, lineOf({ ...entry, salt: '0'.repeat(32) }))).fault).toContain(fifth);
  });

  test('with all hashes of the event computed anew is found where the next one does not follow', () => {
    const forged = rewritten(entry.link, { type: 'step_done', note: 'never happened' });
    expect(verified(withLine(5, lineOf(forged))).fault).toBe(
      `${fifth} is not the one that event 6 (step_done, number 2 of REQ-3) was written after: one of the two was put there later.`,
    );
  });

  test('by taking away one, some, the first or a line in the middle says which are missing', () => {
    expect(verified(lines.toSpliced(5, 1)).fault).toBe('Event 5 is missing.');
    expect(verified(lines.toSpliced(5, 3)).fault).toBe('Events 5 to 7 are missing.');
    expect(verified(lines.toSpliced(1, 1)).fault).toBe('Event 1 is missing.');
  });

  test('by repeating or exchanging lines names the one in the wrong place', () => {
    expect(verified(lines.toSpliced(6, 0, at(lines, 5))).fault).toBe(
      `${fifth} stands a second time or in the wrong place: in line 7, after event 5.`,
    );
    expect(verified([...lines, at(lines, 9)]).fault).toContain('Event 9 (');
    expect(verified(lines.with(5, at(lines, 6)).with(6, at(lines, 5))).fault).toBe('Event 5 is missing.');
  });

  test('by putting one in between is found, whatever its number', () => {
    const more = nextEntry({ position: 5, hash: entry.hash }, at(sources(1), 0), '0'.repeat(32));
    expect(verified(lines.toSpliced(6, 0, lineOf(more))).fault).toContain(
      'Event 6 (step_done, number 2 of REQ-3)',
    );
  });

  test('by adding one at the end goes unseen without a signature, and is said to be unsigned with one', () => {
    const last = at(entries, -1);
    const more = nextEntry({ position: 9, hash: last.hash }, at(sources(1), 0), '0'.repeat(32));
    const { publicKey, signedLine } = keyPair();
    const report = verified([...lines, signedLine(last), lineOf(more)], { keys: [publicKey] });
    expect(reportLines(report, { keys: 1, anchors: 0 })).toContain(
      'The 1 event after it has no signature yet.',
    );
  });

  test('with a line cut off, or with anything else in it, names the line', () => {
    for (const line of [at(lines, 5).slice(0, -9), '{}', 'x', '{"greenlight":"audit","form":1}', '[1]']) {
      expect(verified(withLine(5, line)).fault).toMatch(/^(?:Line 6 is not a line|Event 5 \(.*was changed)/);
    }
  });

  test('of the beginning is found: nothing comes before the first', () => {
    const moved = entries.slice(3).map(lineOf);
    expect(verified([headerLine(undefined), ...moved]).fault).toBe('Events 1 to 3 are missing.');
    const report = verified(moved);
    expect(reportLines(report, { keys: 0, anchors: 0 })).toContain(
      'It begins at event 4: what came before is not in it.',
    );
    const { previous: _, ...link } = at(entries, 0).link;
    const first = rewritten({ ...link, previous: '1'.repeat(64) } as AuditLink, at(entries, 0).body);
    expect(
      verified([headerLine(undefined), lineOf({ ...first, salt: at(entries, 4).salt })]).fault,
    ).toContain('says that it is the first');
  });

  test('with nothing left is no audit', () => {
    expect(verified([]).fault).toContain('There is no event in it');
    expect(verified([headerLine(undefined)]).fault).toContain('There is no event in it');
  });

  test('never makes a terminal obey', () => {
    const link = { ...entry.link, type: '\u001b[2Jgone' };
    expect(verified(withLine(5, lineOf({ ...entry, link }))).fault).not.toContain('\u001b');
  });

  test('never writes lines of a report: what an export says of itself stays in its place', () => {
    const invented = 'REQ-1\u001b[2J\nSigned up to event 9.\u202e';
    const note: AuditSource = {
      ...{ kind: 'chain', at: 1, type: 'redacted' },
      body: { rule: invented, positions: [[1, 1]] },
    };
    const report = verified([headerLine(invented), ...chainOf([note]).map(lineOf)]);
    const text = reportLines(report, { keys: 0, anchors: 0 });
    expect(text.join('')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    expect(text.filter((line) => line.includes('Signed up to'))).toEqual([
      expect.stringContaining('It is an excerpt (REQ-1 [2J Signed up to event 9. )'),
      expect.stringContaining('by rule "REQ-1 [2J Signed up to event 9. ".'),
    ]);
    expect(verified([headerLine('x'.repeat(2_000)), at(lines, 1)]).fault).toBeUndefined();
    const long = headerLine('x').replace('"x"', `"${'x'.repeat(2_000)}"`);
    expect(verified([long, at(lines, 1)]).fault).toContain('Line 1 is not a line of an audit');
  });

  test('of any one character, anywhere, is found', () => {
    const anywhere = fc.tuple(fc.integer({ min: 1, max: 9 }), fc.nat(), fc.constantFrom(...'019afZ"{}, '));
    fc.assert(
      fc.property(anywhere, ([index, place, character]) => {
        const line = at(lines, index);
        const spot = place % line.length;
        fc.pre(line[spot] !== character);
        const changed = line.slice(0, spot) + character + line.slice(spot + 1);
        expect(verified(withLine(index, changed)).fault).toBeDefined();
      }),
      { numRuns: 300 },
    );
  });

  test('of what stands around the parts of a line is found, character by character', () => {
    const line = at(lines, 1);
    const body = line.indexOf('"body":') + '"body":'.length;
    const link = [line.indexOf('","link":'), line.indexOf('{"at"')] as const;
    const around = [[0, 9], link, [line.indexOf(',"salt":'), body], [line.length - 1, line.length]] as const;
    for (const [from, to] of around) {
      for (let spot = from; spot < to; spot++) {
        const changed = `${line.slice(0, spot)}~${line.slice(spot + 1)}`;
        expect(verified(withLine(1, changed)).fault, `at ${spot}`).toBeDefined();
      }
    }
  });

  test('of any log in any way is found: a line changed, left out, repeated, moved or put in', () => {
    const log = fc.array(
      fc.record({ type: fc.constantFrom('reviewed', 'failed'), body: fc.jsonValue({ maxDepth: 2 }) }),
      { minLength: 3, maxLength: 8 },
    );
    const ways = fc.constantFrom('leave out', 'repeat', 'exchange', 'replace');
    fc.assert(
      fc.property(log, ways, fc.nat(), (events, way, place) => {
        const chain = chainOf(events.map((event, index) => ({ ...event, kind: 'event', at: index })));
        const whole = fullExport(chain);
        expect(verified(whole).fault).toBeUndefined();
        // Not the last: of that, only an anchor can tell.
        const index = 1 + (place % (chain.length - 1));
        const other = chainOf([{ kind: 'event', at: 5, type: 'x', body: 'other' }]);
        const changed = {
          'leave out': whole.toSpliced(index, 1),
          repeat: whole.toSpliced(index, 0, at(whole, index)),
          exchange: whole.with(index, at(whole, index + 1)).with(index + 1, at(whole, index)),
          replace: whole.with(index, lineOf(at(other, 0))),
        }[way];
        expect(verified(changed).fault).toBeDefined();
      }),
      { numRuns: 100 },
    );
  });
});
