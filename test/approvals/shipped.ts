/** The catalog, policy and actions that are shipped, for tests; and short ways to others. */
import { readdirSync, readFileSync } from 'node:fs';
import { loadActions } from '../../src/actions/load.ts';
import { type Policy, readPolicy } from '../../src/approvals/policy.ts';
import { type Subjects, subjectsOf } from '../../src/approvals/subjects.ts';
import { readBlueprints } from '../../src/blueprints/read-blueprints.ts';
import { readCatalog } from '../../src/catalog/read-catalog.ts';
import { readWorkflows } from '../../src/catalog/read-workflows.ts';
import type { Catalog } from '../../src/core/catalog.ts';
import { type Facts, noChange, noLock, nothingSpecial } from '../../src/core/facts.ts';
import { formatMistake, type Read, type Source } from '../../src/documents/document.ts';

export function sourceOf(file: string): Source {
  return { file, text: readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8') };
}

export function accepted<Value>(read: Read<Value>): Value {
  if (!read.ok) throw new Error(read.mistakes.map(formatMistake).join('\n'));
  return read.value;
}

/** The mistakes as `line:column message`. */
export function mistakesOf(read: Read<unknown>): string[] {
  return read.ok ? [] : read.mistakes.map(({ line, column, message }) => `${line}:${column} ${message}`);
}

export const subjects: Subjects = subjectsOf(await loadActions());

/** A catalog with the blueprints that are shipped. */
export function withBlueprints(source: Source): Catalog {
  const file = accepted(readCatalog(source));
  return {
    ...file,
    blueprints: accepted(readBlueprints(blueprintFiles(), file)),
    workflows: accepted(readWorkflows(file, filesIn('data/workflows'))),
  };
}

export function blueprintFiles(): ReadonlyMap<string, Source> {
  return filesIn('data/blueprints');
}

function filesIn(folder: string): ReadonlyMap<string, Source> {
  const names = readdirSync(new URL(`../../${folder}/`, import.meta.url));
  return new Map(names.map((name) => [name, sourceOf(`${folder}/${name}`)]));
}

export const catalog: Catalog = withBlueprints(sourceOf('data/catalog.yml'));
export const shippedPolicy: Policy = accepted(readPolicy(sourceOf('data/policy.yml'), subjects, catalog));

export function readRules(rules: string, more = '', known: Subjects = subjects): Read<Policy> {
  return readPolicy({ file: 'policy.yml', text: `${more}rules:\n${rules}` }, known, catalog);
}

/** A policy of these rules, which must be right. */
export function policyOf(rules: string, more = '', known: Subjects = subjects): Policy {
  return accepted(readRules(rules, more, known));
}

/** Wednesday 2026-11-25 12:00 in Berlin. */
export const noon = Date.UTC(2026, 10, 25, 11);

export const facts: Facts = {
  action: 'environment.create',
  effect: 'create',
  requester: {
    id: 'U0DANA',
    kind: 'member',
    email: 'dana@acme.example',
    groups: ['checkout'],
    onCall: false,
    manager: '',
  },
  input: { name: 'checkout-pr-12', blueprint: 'web-service', cpu: 2, memoryGi: 4, replicas: 1, ttl: '8h' },
  target: { kind: 'environment', name: 'checkout-pr-12', tier: 'dev', team: 'checkout' },
  service: { name: '', owners: [] },
  environment: {
    ageHours: 0,
    hoursLeft: 0,
    timesExtended: 0,
    extendedHours: 0,
    addedHours: 0,
    idleHours: 0,
    isAsleep: false,
  },
  change: noChange,
  cost: { perHour: 0.11, perDay: 2.74 },
  usage: { environmentsAlive: 0, requestsLastHour: 0, requestsLastDay: 0 },
  lock: noLock,
  ...nothingSpecial,
  windows: [],
  time: { at: noon, hour: 12, weekday: 'wednesday', zone: 'Europe/Berlin' },
  unknown: [],
};

export const deployFacts: Facts = {
  ...facts,
  action: 'deploy',
  effect: 'change',
  input: { service: 'payments', version: 'v1.4.2', environment: 'production' },
  target: { kind: 'service', name: 'payments in production', tier: 'production', team: 'payments' },
  service: { name: 'payments', owners: ['payments'] },
  change: { ...noChange, commits: 3, authors: ['priya@acme.example', 'max@acme.example'], checks: 'green' },
};
