/** Whether somebody may ask for an action at all: what help and lists show. The verdict on a request comes after. */
import type { Standing } from '../core/person.ts';
import type { Policy } from './policy.ts';

/** Members only, and only for what some rule could let through: everything else would be refused whatever they typed. */
export function mayAsk(policy: Policy, actionName: string, { person }: Standing): boolean {
  const rules = policy.rulesOf.get(actionName) ?? [];
  return (
    person.kind === 'member' && rules.some(({ mode, outcome }) => mode === 'enforce' && helps[outcome.kind])
  );
}

/** A hold alone lets nothing through: it says when, not whether. */
const helps = { allow: true, require: true, hold: false, deny: false } as const;
