/** Everything that can be said against a policy without running it: `greenlight policy check`. Pure. */
import type { Catalog } from '../../core/catalog.ts';
import type { Mistake, Read, Source } from '../../documents/document.ts';
import { readDocument } from '../../documents/read-document.ts';
import { type Policy, readPolicy } from '../policy.ts';
import { policySchema } from '../policy-schema.ts';
import { factsOfAll, type Subjects, wordsOf } from '../subjects.ts';
import { checkRules, type RuleCheck } from './check-rules.ts';

export interface PolicyCheck {
  readonly policy: Policy;
  /** How many sentences about the whole were tried. */
  readonly invariants: number;
  /** Rules that can do nothing, with their place. */
  readonly mistakes: readonly Mistake[];
  /** Worth a look: requests that nobody could ever answer. */
  readonly notes: readonly Mistake[];
  readonly cases: RuleCheck['cases'];
  readonly leftOut: RuleCheck['leftOut'];
}

/** Mistakes in a file that is no policy, or breaks an invariant of its own, come instead. */
export function checkPolicy(source: Source, subjects: Subjects, catalog: Catalog): Read<PolicyCheck> {
  const file = readDocument(source, policySchema);
  if (!file.ok) return file;
  const policy = readPolicy(source, subjects, catalog);
  if (!policy.ok) return policy;
  const scopes = factsOfAll(subjects, wordsOf(catalog, [...policy.value.windows.keys()]));
  const { faults, cases, leftOut } = checkRules({ policy: policy.value, subjects, scopes, catalog });
  const placed = faults.map(({ rule, kind, text }) => ({
    kind,
    mistake: file.positions.at(
      ['rules', policy.value.rules.findIndex(({ id }) => id === rule)],
      `rule "${rule}": ${text}`,
    ),
  }));
  const isNote = ({ kind }: (typeof placed)[number]) => kind === 'sometimes_unmeetable';
  return {
    ok: true,
    value: {
      policy: policy.value,
      invariants: file.value.invariants.length,
      mistakes: placed.filter((one) => !isNote(one)).map(({ mistake }) => mistake),
      notes: placed.filter(isNote).map(({ mistake }) => mistake),
      cases,
      leftOut,
    },
  };
}
