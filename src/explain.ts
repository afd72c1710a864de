/** What is said at a terminal of a problem: who sits there is also who reads the log, so with its cause. */
import type { Problem } from './core/problem.ts';
import { redactSecrets } from './core/redact.ts';

/** Its sentence, what to do, and why it is so, each in a line of its own or more. */
export function explainProblem({ sentence, next, detail }: Problem): string {
  return [sentence, next, ...(detail === undefined ? [] : [redactSecrets(detail)])].join('\n');
}
