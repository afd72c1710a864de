/** What questions about the guardrails are about: nothing that anybody owns. */
import type { Target } from '../../core/action.ts';
import { ok, type Result } from '../../core/problem.ts';

export const policyTarget: Result<Target> = ok({
  kind: 'service',
  name: 'guardrails',
  tier: 'dev',
  team: '',
});
