/** How much may still go wrong until an objective is missed, in words. Pure. */
import { dayMs, formatDuration, minuteMs } from './duration.ts';
import type { Objective } from './service-metrics.ts';

export interface ErrorBudget {
  /** What is left of it, from 1 (untouched) down past 0 (missed). */
  readonly left: number;
  /** How fast it is used up now: at 1 it would last exactly as long as the objective's days. */
  readonly burn: number;
}

/** Both ratios from 0 to 1: of the objective's days, and of now. */
export function errorBudget({ availability }: Objective, spent: number, now: number): ErrorBudget {
  const allowed = 1 - availability / 100;
  return { left: 1 - spent / allowed, burn: now / allowed };
}

/** Burning faster than this empties a budget of 30 days within two (the usual alert: SRE workbook, chapter 5). */
const burnsFast = 14.4;

/** Whether somebody should look. */
export function isBudgetWell({ left, burn }: ErrorBudget): boolean {
  return left > 0 && burn < burnsFast;
}

/** `41 % of the error budget is left (99.9 % over 30d); at this rate it is gone in 3d 2h.` */
export function budgetWords(objective: Objective, budget: ErrorBudget): string {
  const goal = `${objective.availability} % over ${objective.days}d`;
  if (budget.left <= 0) {
    return `The error budget is used up (${goal}): ${percent(-budget.left)} more than allowed went wrong.`;
  }
  const left = `${percent(budget.left)} of the error budget is left (${goal})`;
  if (budget.burn <= 1) return `${left}; it is not used up faster than planned.`;
  const goneMs = (budget.left / budget.burn) * objective.days * dayMs;
  const gone = formatDuration(Math.round(goneMs / minuteMs) * minuteMs);
  return `${left}; at this rate, ${budget.burn.toFixed(1)} times what is planned, it is gone in ${gone}.`;
}

/** A share from 0 to 1 with as many digits as it takes to tell it from nothing: `0.02 %`, `3.1 %`, `41 %`. */
export function percent(share: number): string {
  const value = share * 100;
  const digits = value >= 10 || value === 0 ? 0 : value >= 1 ? 1 : 2;
  if (value > 0 && value < 0.005) return '< 0.01 %';
  return `${value.toFixed(digits)} %`;
}
