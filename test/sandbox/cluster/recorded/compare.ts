/** Whether the box answered as a real server did, and where not. */
import type { Answer } from './data.ts';

export interface Comparison {
  readonly scenario: string;
  readonly step: string;
  /** Same status, kind, reason, message and shape. */
  readonly agrees: boolean;
  /** Same values as well, everywhere they can be compared. */
  readonly exact: boolean;
  readonly differences: readonly string[];
}

/** Compares step by step; where the two versions differ either will do. */
export function compareAll(
  ours: readonly Answer[],
  older: readonly Answer[],
  newer: readonly Answer[],
): Comparison[] {
  const queue = new Map<string, { older: Answer; newer: Answer | undefined }[]>();
  older.forEach((answer, index) => {
    const key = keyOf(answer);
    queue.set(key, [...(queue.get(key) ?? []), { older: answer, newer: newer[index] }]);
  });
  return ours.map((answer) => {
    const recorded = queue.get(keyOf(answer))?.shift();
    if (!recorded) throw new Error(`Nothing is recorded for ${keyOf(answer)}.`);
    const first = compare(answer, recorded.older);
    if (first.agrees || !recorded.newer) return first;
    const second = compare(answer, recorded.newer);
    return second.agrees ? second : first;
  });
}

function keyOf(answer: Answer): string {
  return `${answer.scenario} / ${answer.step}`;
}

function compare(ours: Answer, theirs: Answer): Comparison {
  const differences: string[] = [];
  const values: string[] = [];
  if (ours.status !== theirs.status) differences.push(`status ${ours.status} instead of ${theirs.status}`);
  const skip = new Set([...(theirs.varies ?? []), ...(ours.varies ?? [])]);
  if (theirs.events) {
    const types = (answer: Answer) =>
      (answer.events ?? []).map((event) => (event as { type: string }).type).join(' ');
    // How many changes of a starting Pod a watch sees depends on timing.
    const loose = theirs.step === 'pods of a deployment start';
    if (!loose && types(ours) !== types(theirs))
      differences.push(`events ${types(ours)} instead of ${types(theirs)}`);
    else if (!loose) diff(ours.events, theirs.events, 'events', skip, differences, values);
    if (ours.end !== theirs.end) values.push(`end: ${ours.end} instead of ${theirs.end}`);
  } else if (theirs.text !== undefined) {
    if (ours.text === undefined) differences.push('JSON instead of text');
    else if (theirs.status >= 400 && ours.text !== theirs.text)
      differences.push(`text ${JSON.stringify(ours.text)} instead of ${JSON.stringify(theirs.text)}`);
    else if (ours.text !== theirs.text) values.push('text differs');
  } else if (ours.body === undefined) differences.push(`text ${JSON.stringify(ours.text)} instead of JSON`);
  else {
    const kept = servedByUs(ours.body, theirs.body);
    diff(comparable(kept.ours), comparable(kept.theirs), 'body', skip, differences, values);
  }
  return {
    scenario: ours.scenario,
    step: ours.step,
    agrees: differences.length === 0,
    exact: differences.length === 0 && values.length === 0,
    differences: [...differences, ...values],
  };
}

/** Without what only a real kubelet or a whole server could say the same way. */
function comparable(body: unknown): unknown {
  const tree = body as { kind?: string; items?: unknown[] };
  if (tree?.kind === 'EventList' && Array.isArray(tree.items)) {
    const written = tree.items.filter((item) => {
      const source = (item as { source?: { component?: string } }).source;
      return source?.component !== 'kubelet';
    });
    const key = (item: unknown) => {
      const { reason, message } = item as { reason: string; message: string };
      return `${reason} ${message}`;
    };
    const merged = new Map(written.map((item) => [key(item), item]));
    return { ...tree, items: [...merged.keys()].sort().map((one) => merged.get(one)) };
  }
  return body;
}

/** Lists of what a server serves: a small sandbox has less, but what it has must look the same. */
function servedByUs(ours: unknown, theirs: unknown): { ours: unknown; theirs: unknown } {
  if (!isTree(ours) || !isTree(theirs)) return { ours, theirs };
  for (const key of ['groups', 'resources', 'paths']) {
    const mine = ours[key];
    const all = theirs[key];
    if (!Array.isArray(mine) || !Array.isArray(all)) continue;
    const name = (one: unknown) => (isTree(one) ? String(one.name) : String(one));
    const known = new Set(all.map(name));
    const byName = new Map(mine.map((one) => [name(one), one]));
    const names = [...byName.keys()].filter((one) => known.has(one)).sort();
    const pick = (list: unknown[]) => names.map((one) => list.find((item) => name(item) === one));
    const trim = (list: unknown[]) => (key === 'groups' ? list.map((one) => ({ name: name(one) })) : list);
    return { ours: { ...ours, [key]: trim(pick(mine)) }, theirs: { ...theirs, [key]: trim(pick(all)) } };
  }
  if (ours.kind === 'APIGroupDiscoveryList' && theirs.kind === ours.kind) {
    const core = (tree: Record<string, unknown>) => {
      const [item] = tree.items as {
        versions: { resources: { resource: string; subresources?: unknown }[] }[];
      }[];
      return item?.versions[0]?.resources ?? [];
    };
    const names = core(ours).map((one) => one.resource);
    const plain = (tree: Record<string, unknown>) =>
      names.map((one) => ({ ...core(tree).find((item) => item.resource === one), subresources: null }));
    return {
      ours: { kind: ours.kind, resources: plain(ours) },
      theirs: { kind: theirs.kind, resources: plain(theirs) },
    };
  }
  return { ours, theirs };
}

/** Values that carry the meaning of an answer: a difference there is a disagreement, not a detail. */
const meaningful = /^(body|events\.\d+\.object)\.(kind|apiVersion|reason|message|code|status|details\..*)$/;

function diff(
  ours: unknown,
  theirs: unknown,
  path: string,
  skip: ReadonlySet<string>,
  shape: string[],
  values: string[],
): void {
  if (skip.has(path) || [...skip].some((one) => path.startsWith(`${one}.`))) return;
  if (Array.isArray(ours) && Array.isArray(theirs)) {
    if (ours.length !== theirs.length)
      shape.push(`${path}: ${ours.length} items instead of ${theirs.length}`);
    else
      for (const [index, item] of ours.entries())
        diff(item, theirs[index], `${path}.${index}`, skip, shape, values);
    return;
  }
  if (isTree(ours) && isTree(theirs)) {
    for (const key of new Set([...Object.keys(ours), ...Object.keys(theirs)])) {
      const here = `${path}.${key}`;
      if (skip.has(here)) continue;
      if (!(key in ours) && !isEmpty(theirs[key])) shape.push(`${here}: missing (${brief(theirs[key])})`);
      else if (!(key in theirs) && !isEmpty(ours[key])) shape.push(`${here}: too much (${brief(ours[key])})`);
      else if (key in ours && key in theirs) diff(ours[key], theirs[key], here, skip, shape, values);
    }
    return;
  }
  if (ours === theirs) return;
  const text = `${path}: ${brief(ours)} instead of ${brief(theirs)}`;
  const sameType = typeof ours === typeof theirs && Array.isArray(ours) === Array.isArray(theirs);
  if (!sameType || meaningful.test(path)) shape.push(text);
  else values.push(text);
}

/** Left out or null: 1.32 and 1.36 differ in that themselves. */
function isEmpty(value: unknown): boolean {
  return value === null || value === undefined;
}

function isTree(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function brief(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 260 ? `${text.slice(0, 260)}…` : text;
}
