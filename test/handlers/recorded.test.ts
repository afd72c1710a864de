import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { readPayload } from '../../src/handlers/payload.ts';
import { viewStateSchema } from '../../src/slack/forms/read-state.ts';
import { hasRecordings, payloadsOf, readRecording } from '../sandbox/slack/recordings.ts';

describe.skipIf(!hasRecordings)('payloads that real Slack has sent', () => {
  const index = () => Object.keys(readRecording('payloads/INDEX.json') as Record<string, string[]>);
  /** Some recordings are cut down to what finding a team needs: without a user they are of no use here. */
  const named = z.union([
    z.looseObject({ user_id: z.string().min(1) }),
    z.looseObject({ user: z.looseObject({ id: z.string().min(1) }) }),
  ]);
  const allOf = (start: string) =>
    index()
      .flatMap((kind) => (kind.startsWith(start) ? payloadsOf(kind) : []))
      .filter((body) => named.safeParse(body).success);

  test.each([
    ['slash_command', 'command'],
    ['block_actions', 'action'],
    ['view_submission', 'submission'],
    ['block_suggestion', 'options'],
  ])('every %s says who it is from and is of the kind %s', (recorded, kind) => {
    const payloads = allOf(recorded);
    expect(payloads.length).toBeGreaterThan(0);
    for (const body of payloads) {
      const payload = readPayload(body);
      expect(payload, JSON.stringify(body)).toMatchObject({
        kind,
        place: { user: expect.stringMatching(/^[UW]/) },
      });
    }
  });

  test('every one whose repetition would do harm has a key of its own', () => {
    for (const body of ['slash_command', 'block_actions', 'view_submission'].flatMap(allOf)) {
      const { trigger_id } = z.looseObject({ trigger_id: z.string().optional() }).parse(body);
      if (trigger_id) expect(readPayload(body).key).toBe(`trigger ${trigger_id}`);
    }
  });

  test('every state of a form can be read', () => {
    for (const body of [...allOf('view_submission'), ...allOf('block_actions')]) {
      const { view } = z
        .looseObject({ view: z.looseObject({ state: z.unknown().optional() }).nullish() })
        .parse(body);
      const state = view?.state as { values?: unknown } | undefined;
      if (state?.values)
        expect(viewStateSchema.safeParse(state), JSON.stringify(state)).toMatchObject({ success: true });
    }
  });
});
