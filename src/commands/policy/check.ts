/** `greenlight policy check`: everything that can be said against a policy without running it. */
import { checkPolicy } from '../../approvals/proofs/check-policy.ts';
import { count, listOf } from '../../core/text.ts';
import { formatMistake } from '../../documents/document.ts';
import { sourceAt, type World, type Write } from './files.ts';

/** 0: nothing is wrong. 1: a mistake; with `isStrict` also a note. */
export async function policyCheck(
  { file, isStrict }: { readonly file: string; readonly isStrict: boolean },
  world: World,
  write: Write,
): Promise<0 | 1> {
  const read = checkPolicy(await sourceAt(file), world.subjects, world.catalog);
  if (!read.ok) {
    for (const mistake of read.mistakes) write(formatMistake(mistake));
    write(`${count(read.mistakes.length, 'mistake')}: this policy would not take effect.`);
    return 1;
  }
  const { policy, mistakes, notes, cases, leftOut, invariants } = read.value;
  for (const mistake of mistakes) write(formatMistake(mistake));
  for (const note of notes) write(`${formatMistake(note)} (a note)`);
  for (const note of world.notes) write(note);
  if (leftOut.length > 0) {
    write(`Not looked at, for too many cases: rules that speak of ${listOf(leftOut)}.`);
  }
  const looked = `${count(policy.rules.length, 'rule')} and ${count(invariants, 'invariant')}, ${cases} cases`;
  const found = `${count(mistakes.length, 'mistake')}, ${count(notes.length, 'note')}`;
  write(`${looked}: ${found}.`);
  return mistakes.length > 0 || (isStrict && notes.length > 0) ? 1 : 0;
}
