/** `greenlight audit key`: a key to sign checkpoints with, or the public half of the one that is set. */
import { newSigningKey, readSigner } from '../../audit/checkpoint.ts';
import { ProblemError, problem } from '../../core/problem.ts';
import type { Write } from './open.ts';

/** @throws ProblemError `bad_input` when what is set is no key. */
export function auditKey(current: string | undefined, write: Write): void {
  const key = current ?? newSigningKey();
  const signer = readSigner(key);
  if (!signer) {
    throw new ProblemError(
      problem(
        'bad_input',
        'GREENLIGHT_AUDIT_KEY is no signing key.',
        'Make one without it: `greenlight audit key`.',
      ),
    );
  }
  if (current === undefined) {
    write('Secret, for the bot alone; keep it where its other secrets are:');
    write(`GREENLIGHT_AUDIT_KEY=${key}`);
  }
  write(`Public, for whoever verifies (key ${signer.name}); keep it away from the bot's machine:`);
  write(signer.publicKey);
}
