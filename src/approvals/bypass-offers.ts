/** Whether somebody may ask not to wait, before they do: each way is tried out on the guardrails. Pure. */
import type { Facts } from '../core/facts.ts';
import type { Bypass, BypassOffers } from '../core/glass.ts';
import type { Verdict } from '../core/verdict.ts';

/** Stands in for a reason that is not written yet. */
const someReason = 'a reason that is not written yet';

/**
 * What else there is to ask for, by what the guardrails say of it. `facts` must hold the requester's open debts; nothing
 * is offered for what runs at once.
 */
export function bypassOffers(facts: Facts, judge: (facts: Facts) => Verdict): BypassOffers {
  const asked = (kind: Bypass['kind'] | 'none', more: Partial<Facts> = {}) =>
    judge({ ...facts, ...more, bypass: { kind, reason: kind === 'none' ? '' : someReason } });
  const plain = asked('none');
  if (plain.outcome === 'allow') return { kinds: [], owed: [] };
  const kinds: Bypass['kind'][] = [];
  if (plain.outcome === 'hold' && asked('override').outcome === 'require_approval') kinds.push('override');
  if (asked('break_glass').glass) return { kinds: [...kinds, 'break_glass'], owed: [] };
  const isOnlyOwed = asked('break_glass', { debts: [] }).glass !== undefined;
  return { kinds, owed: isOnlyOwed ? [...(facts.debts ?? [])] : [] };
}
