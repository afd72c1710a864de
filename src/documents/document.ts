/**
 * Files that people write by hand, and the mistakes in them. A mistake says where it is, so that an editor can jump
 * there, and what was probably meant.
 */

/** A file's text, read before: nothing here touches a disk. `file` is for people, as they would name it. */
export interface Source {
  readonly file: string;
  readonly text: string;
}

/** Lines and columns count from 1, columns in UTF-16 units, as editors do. */
export interface Mistake {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** One sentence: where in the document, what is wrong, and the nearest right word. */
  readonly message: string;
}

export type Read<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly mistakes: readonly Mistake[] };

/** What a hand-written file may be; beyond it the file is refused before any work is spent on it. */
export const documentLimits = {
  /** UTF-16 units: 10,000 services of 300 units each. */
  lengthMax: 4_000_000,
  /** Nested lists and maps; a Kubernetes Deployment inside a blueprint needs 14. */
  depthMax: 40,
  /** Values an alias stands for, counted as written out: stops the "billion laughs". */
  aliasMax: 100,
  /** Mistakes told at once: more help nobody. */
  mistakesMax: 20,
} as const;

/** `data/policy.yml:4:15 rules.0.when: ...`: terminals and editors make a link of it. */
export function formatMistake(mistake: Mistake): string {
  return `${mistake.file}:${mistake.line}:${mistake.column} ${mistake.message}`;
}

/** Top to bottom, as somebody who mends them goes through the file; no more than help. */
export function inFileOrder(mistakes: readonly Mistake[]): readonly Mistake[] {
  return [...mistakes]
    .sort((a, b) => a.line - b.line || a.column - b.column)
    .slice(0, documentLimits.mistakesMax);
}
