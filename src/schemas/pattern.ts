/**
 * Patterns of schemas, matched in time linear in the text by RE2's algorithm: a pattern made to hang a matcher that goes
 * back (ReDoS) only takes as long as any other. What RE2 cannot express (look-ahead, back-references) is refused.
 */
import { RE2JS } from 're2js';

/** Characters of a pattern; the longest in the charts and custom resources we know has 200. */
const patternMax = 1000;

export interface Matcher {
  test(text: string): boolean;
}

/** `undefined` when it is too long, no pattern at all, or needs more than linear time. */
export function matcherOf(pattern: string): Matcher | undefined {
  if (pattern.length > patternMax) return undefined;
  try {
    const compiled = RE2JS.compile(RE2JS.translateRegExp(pattern));
    return { test: (text) => compiled.matcher(text).find() };
  } catch {
    return undefined;
  }
}
