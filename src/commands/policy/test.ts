/** `greenlight policy test`: the examples of a policy, and which promise is not kept. */
import { runPolicyTest } from '../../approvals/policy-test.ts';
import { count } from '../../core/text.ts';
import { formatMistake } from '../../documents/document.ts';
import { loadPolicy, sourceAt, type World, type Write } from './files.ts';

/** 0: all promises are kept. 1: one is not, or the examples cannot be read. */
export async function policyTest(
  { file, examples }: { readonly file: string; readonly examples: string },
  world: World,
  write: Write,
): Promise<0 | 1> {
  const run = runPolicyTest(await loadPolicy(file, world), await sourceAt(examples));
  if (!run.ok) {
    for (const mistake of run.mistakes) write(formatMistake(mistake));
    return 1;
  }
  const broken = run.value.filter(({ failures }) => failures.length > 0);
  for (const { name, line, failures } of broken) {
    write(`${examples}:${line} ${name}`);
    for (const failure of failures) write(`  ${failure}`);
  }
  write(`${count(run.value.length, 'promise')}, ${broken.length} broken.`);
  return broken.length > 0 ? 1 : 0;
}
