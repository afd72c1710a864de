/** A step that hangs from the moment it has begun until it is let go, at the latest when the test ends; only its first attempt does. */
import { onTestFinished } from 'vitest';
import { noting, type ThingStep } from '../desk/desk-world.ts';

export function hanging(notes: string[], id = 'slow') {
  const begun = Promise.withResolvers<void>();
  const released = Promise.withResolvers<void>();
  onTestFinished(() => released.resolve());
  let attempts = 0;
  const step: ThingStep = noting(notes, id, {
    async do() {
      attempts += 1;
      notes.push(`do ${id}`);
      begun.resolve();
      if (attempts === 1) await released.promise;
      return { state: 'done', result: { attempt: String(attempts) } };
    },
  });
  return { step, hasBegun: begun.promise, release: () => released.resolve() };
}
