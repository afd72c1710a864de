/** Which part of CEL may be used where. What is not named is refused when the file is read. */
import { macros } from './syntax.ts';

export interface Dialect {
  /** What a name stands for: "there is no fact "tier"". */
  readonly noun: string;
  readonly methods: readonly string[];
  readonly functions: readonly string[];
  /** Why something that CEL has is not to be had here. */
  readonly bannedBecause: Readonly<Record<string, string>>;
  /** Whether it decides something, so that what CEL takes and nobody means is refused (traps.ts). */
  readonly decides: boolean;
  /** Whether `conditions[0]` is allowed. */
  readonly mayIndex: boolean;
}

const patterns = 'a pattern can take seconds; use startsWith, endsWith or contains';
const lists = 'ask a list with "in", exists, all or size()';
const numbers = 'facts are compared as they are';
const times = 'ask time.hour, time.weekday, windows, or a span of time in hours';
const unchecked = 'it switches the checks off';

/** Conditions of the guardrails: over facts, which are always complete. */
export const conditionDialect: Dialect = {
  noun: 'fact',
  methods: ['startsWith', 'endsWith', 'contains', 'size', ...macros],
  functions: ['size'],
  bannedBecause: {
    has: 'facts are always complete, so there is nothing to ask',
    matches: patterns,
    dyn: unchecked,
    map: lists,
    filter: lists,
    exists_one: lists,
    int: numbers,
    double: numbers,
    string: numbers,
    timestamp: times,
    duration: times,
  },
  decides: true,
  mayIndex: false,
};

/** Texts of blueprints: they also make text, and look into what a cluster says, where anything may be missing. */
export const templateDialect: Dialect = {
  noun: 'value',
  methods: [
    ...conditionDialect.methods,
    'lowerAscii',
    'upperAscii',
    'trim',
    'substring',
    'split',
    'join',
    'indexOf',
  ],
  functions: ['size', 'string', 'int', 'double', 'has'],
  bannedBecause: { matches: patterns, dyn: unchecked },
  decides: false,
  mayIndex: true,
};
