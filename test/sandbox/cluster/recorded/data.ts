/** The recorded requests and answers of real API servers, where they are at hand: they are never part of the project. */
import { existsSync, readFileSync } from 'node:fs';

const folder = new URL('../../../../../shared/data/kubernetes/', import.meta.url);

export interface Condition {
  readonly status?: number;
  readonly path?: string;
  readonly equals?: unknown;
  readonly gte?: number;
  readonly exists?: boolean;
  readonly absent?: boolean;
}

export interface Step {
  readonly name?: string;
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Record<string, string>;
  readonly body?: unknown;
  readonly text?: string;
  readonly as?: string;
  readonly capture?: Record<string, string>;
  readonly until?: Condition | readonly Condition[];
  readonly timeoutSeconds?: number;
  readonly watch?: {
    readonly events?: number;
    readonly types?: readonly string[];
    readonly during?: readonly Step[];
    readonly timeoutSeconds?: number;
  };
  readonly sort?: readonly string[];
  readonly managedFields?: boolean;
  readonly control?: 'compact' | 'restart-apiserver';
  readonly waitSeconds?: number;
}

export interface Scenario {
  readonly name: string;
  readonly managedFields?: boolean;
  readonly exclusive?: boolean;
  readonly steps: readonly Step[];
}

export interface Answer {
  readonly scenario: string;
  readonly step: string;
  readonly status: number;
  readonly body?: unknown;
  readonly text?: string;
  readonly events?: readonly unknown[];
  readonly end?: string;
  readonly varies?: readonly string[];
}

export const isAtHand = existsSync(folder);

export function readScenarios(): readonly Scenario[] {
  const text = readFileSync(new URL('scenarios.json', folder), 'utf8');
  return (JSON.parse(text) as { scenarios: Scenario[] }).scenarios;
}

export function readAnswers(version: '1.32' | '1.36'): readonly Answer[] {
  return readFileSync(new URL(`answers-${version}.jsonl`, folder), 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Answer);
}
