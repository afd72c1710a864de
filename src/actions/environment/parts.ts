/**
 * What an environment gets beside its cluster's objects, by a blueprint's `parts`. Each kind is a file in `parts/` that
 * builds one step from the settings; the step undoes what it made, from its own settings alone.
 */
import type { Step } from '../../core/action.ts';
import type { PartKind } from '../../core/blueprint.ts';
import type { Input } from './create-input.ts';

export interface PartOrder {
  /** `part-repository`: unique in the plan. */
  readonly id: string;
  /** Its name in the blueprint. */
  readonly name: string;
  /** As the blueprint says, filled in; not checked yet. */
  readonly settings: Readonly<Record<string, unknown>>;
}

export interface PartBuilder {
  /** "GitHub environment": the title of its step and its line in the preview. */
  readonly title: string;
  /** @throws ProblemError `bad_input` when the settings are not what this kind takes. */
  step(order: PartOrder): Omit<Step<Input>, 'needs'>;
}

/** A kind without a builder is refused when the environment is asked for. */
export const partBuilders: Partial<Readonly<Record<PartKind, PartBuilder>>> = {};
