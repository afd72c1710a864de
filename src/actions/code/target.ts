/** What second factors are about: people, which nobody owns. */
import type { Target } from '../../core/action.ts';
import { ok, type Result } from '../../core/problem.ts';

export const codeTarget: Result<Target> = ok({
  kind: 'service',
  name: 'second factors',
  tier: 'dev',
  team: '',
});
