/** What a check has found: a sentence, and a next step where one is needed. Nothing in it is secret. */
import { problemFrom } from '../../core/problem.ts';

export interface Finding {
  /** What was looked at, in a word or two. */
  readonly check: string;
  /** `warn`: it works, and somebody should look. `fail`: it does not work, or will not. */
  readonly state: 'ok' | 'warn' | 'fail';
  readonly sentence: string;
  readonly next?: string;
}

export function well(check: string, sentence: string): Finding {
  return { check, state: 'ok', sentence };
}

export function warning(check: string, sentence: string, next: string): Finding {
  return { check, state: 'warn', sentence, next };
}

export function failure(check: string, sentence: string, next: string): Finding {
  return { check, state: 'fail', sentence, next };
}

/** What a check finds; a check that cannot be made has failed, and keeps no other from being made. */
export async function findings(
  check: string,
  look: () => Promise<readonly Finding[]>,
): Promise<readonly Finding[]> {
  try {
    return await look();
  } catch (error) {
    const { sentence, next, detail } = problemFrom(error);
    return [failure(check, detail === undefined ? sentence : `${sentence} (${detail})`, next)];
  }
}
