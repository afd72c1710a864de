/** What a redaction leaves: nothing that a person typed or is called by, and enough to fold. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonicalText } from '../../src/audit/canonical.ts';
import { openHash } from '../../src/audit/chain.ts';
import { openPart } from '../../src/audit/open-part.ts';
import { effects } from '../../src/core/facts.ts';
import { requestIdOf } from '../../src/core/ids.ts';
import { tiers } from '../../src/core/names.ts';
import { personKinds } from '../../src/core/person.ts';
import { exclusions, outcomes, reviewSchema } from '../../src/core/verdict.ts';
import { evaluated, requested } from '../store/example-requests.ts';

const requirementWords = ['code', ...reviewSchema.shape.decision.options];

test('is the same whenever it is taken again', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 4 }), (body) => {
      expect(openPart(openPart(body))).toEqual(openPart(body));
      expect(canonicalText(openPart(body))).not.toContain('undefined');
    }),
    { numRuns: 200 },
  );
});

test('keeps no text of a person, wherever it stands', () => {
  const marker = 'Zebra';
  const body = JSON.parse(
    JSON.stringify({ ...requested(requestIdOf(1)), more: [{ type: marker }] }).replaceAll(
      /Ada|UADA|ada@example\.com|payments/g,
      marker,
    ),
  );
  const { more: _, target, ...rest } = openPart(body) as Record<string, unknown>;
  expect(JSON.stringify(rest)).not.toContain(marker);
  expect(target).toMatchObject({ name: '[redacted]', team: marker });
});

test('takes words of our own for typed ones where people type', () => {
  expect(
    openPart({ decision: 'approve', input: { size: 'production', rule: 'x', deep: [{ type: 'y' }] } }),
  ).toEqual({
    decision: 'approve',
    input: { size: '[redacted]', rule: '[redacted]', deep: [{ type: '[redacted]' }] },
  });
});

/** A word that is missing would make the requests that have it unreadable; a new one wants a form 2. */
test('keeps every word that decides how a request is read', () => {
  const words = [...effects, ...tiers, ...personKinds, ...outcomes, ...exclusions, ...requirementWords];
  for (const word of words) expect(openPart({ field: word })).toEqual({ field: word });
  const [wait, input] = [{ kind: 'wait' }, { kind: 'input', field: 'x' }];
  expect(openPart({ changes: [wait, input] })).toEqual({
    changes: [wait, { kind: 'input', field: '[redacted]' }],
  });
});

/** The chain of every database holds such hashes: a change of the lists would make each redacted event seem forged. */
test('of form 1 never changes', () => {
  expect(openHash(requested(requestIdOf(1)))).toBe(
    '7471c1db7f9e1079312d1b1864b8ef835e93a41049e74a6c7148f7e36fca3536',
  );
  expect(openHash(evaluated('hold'))).toBe(
    '5cb8a01d76aef6bd23174c2c09e30a85291103cc965a367af88f22f52ca20333',
  );
});
