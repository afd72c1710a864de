/** Warning events as a colleague would sum them up: the same complaint about the same object is one line. Pure. */
import type { Warning } from '../../core/cluster.ts';
import { seenAt } from './events.ts';
import type { EventObject } from './shapes.ts';

/** Newest first, at most `limit`. */
export function mergeWarnings(events: readonly EventObject[], limit: number): Warning[] {
  const merged = new Map<string, Warning>();
  for (const event of events) {
    const { kind, name } = event.involvedObject;
    const message = event.message.replace(/^\(combined from similar events\): /, '').trim();
    const warning: Warning = {
      reason: event.reason || 'Warning',
      message,
      object: `${kind} ${name}`.trim(),
      count: event.series?.count ?? event.count ?? 1,
      lastAt: seenAt(event),
    };
    const key = [warning.reason, warning.object, message].join('\n');
    const before = merged.get(key);
    merged.set(key, before ? together(before, warning) : warning);
  }
  return [...merged.values()].sort((a, b) => b.lastAt - a.lastAt).slice(0, limit);
}

function together(one: Warning, other: Warning): Warning {
  return { ...one, count: one.count + other.count, lastAt: Math.max(one.lastAt, other.lastAt) };
}
