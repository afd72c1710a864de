/** How the objects of an environment are that no Deployment stands for: releases, claims and stacks, by their operators' word. */
import type { AnswerSection, KnownEnvironment, Mood } from '../../core/action.ts';
import type { Cluster } from '../../core/cluster.ts';
import { problemFrom } from '../../core/problem.ts';
import { type Health, type HealthState, healthOf } from '../../core/readiness.ts';
import { isOperated } from './operated.ts';

/** Worst first. What could not be seen is said where it would stand; a Secret is never looked at. */
export async function objectHealth(
  { objects = [] }: KnownEnvironment,
  cluster: Cluster,
): Promise<readonly Health[]> {
  const told = objects.filter((object) => object.kind === 'StatefulSet' || isOperated(object));
  const healths = await Promise.all(
    told.map(async (object): Promise<Health> => {
      try {
        const found = await cluster.read(object);
        return found
          ? healthOf(found)
          : { state: 'failed', why: `The ${object.kind} ${object.name} is gone.` };
      } catch (error) {
        return { state: 'unknown', why: problemFrom(error).sentence };
      }
    }),
  );
  return healths.toSorted((one, other) => order.indexOf(one.state) - order.indexOf(other.state));
}

/** `warnings`: what the cluster complained of lately. */
export function objectSection(healths: readonly Health[], warnings: readonly string[]): AnswerSection {
  const [worst] = healths;
  return {
    title: 'Databases, releases and claims',
    ...(worst ? { mood: healthMoods[worst.state] } : {}),
    fields: [],
    lines: [...healths.map(({ why }) => `• ${why}`), ...warnings],
  };
}

export const healthMoods: Readonly<Record<HealthState, Mood>> = {
  failed: 'bad',
  progressing: 'busy',
  unknown: 'unknown',
  suspended: 'unknown',
  ready: 'good',
};

const order = Object.keys(healthMoods);
