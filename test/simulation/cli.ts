/** `npm run simulate -- --seed N`: the simulation by hand. */
import { planOf } from './plan.ts';
import { simulate } from './simulate.ts';

const args = process.argv.slice(2);
const valueOf = (name: string) => {
  const at = args.indexOf(name);
  return at < 0 ? undefined : args[at + 1];
};
const one = valueOf('--seed');
const from = Number(one ?? valueOf('--from') ?? 1);
const count = one === undefined ? Number(valueOf('--seeds') ?? 1) : 1;
const begin = performance.now();
let steps = 0;
const broken: string[] = [];
for (let seed = from; seed < from + count; seed++) {
  const outcome = await simulate(seed, { isTraced: args.includes('--trace') });
  steps += outcome.steps;
  if (outcome.broken) {
    broken.push(`${seed} ${outcome.broken.words}`);
    if (one === undefined) console.log(`seed ${seed} (${planOf(seed).replicas}): ${outcome.broken.words}`);
  }
  if (one !== undefined)
    console.log([...outcome.story, '', outcome.broken?.words ?? 'all promises kept'].join('\n'));
}
console.log(
  `${count} seeds, ${steps} steps, ${broken.length} broken, ${Math.round((performance.now() - begin) / count)} ms each`,
);
