/** What the guardrails would say, in one sentence, for a form before it is submitted and for the line after. Pure. */
import { count, listOf } from '../core/text.ts';
import type { Verdict } from '../core/verdict.ts';

/** `Runs at once`, `Needs 1 approval from Platform leads: more than 4 CPU`. Plain text. */
export function verdictLine(verdict: Verdict, groupTitle: (name: string) => string): string {
  switch (verdict.outcome) {
    case 'allow':
      return 'Runs at once.';
    case 'require_approval':
      return `Needs ${needs(verdict, groupTitle)}.`;
    case 'hold': {
      const then = verdict.requirements.length > 0 ? `, and needs ${needs(verdict, groupTitle)}` : '';
      return `Waits: ${verdict.hold?.window ?? 'a window is in force'}${then}.`;
    }
    case 'deny':
      return `Refused: ${listOf(verdict.reasons.map((reason) => reason.text)) || 'no rule allows it'}.`;
  }
}

function needs(verdict: Verdict, groupTitle: (name: string) => string): string {
  const parts = verdict.requirements.map((one) => {
    const from = listOf(one.from.map(groupTitle), 'or');
    return `${count(one.count, 'approval')} from ${from}: ${one.because}`;
  });
  return parts.join('; ');
}
