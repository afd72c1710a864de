/** Who has one environment of a service for themselves, and who waits, as lines of its status. */
import type { ReadContext } from '../../core/action.ts';
import { formatDuration } from '../../core/duration.ts';
import { overlap, readLockKey } from '../../core/lock-key.ts';
import { keysText } from '../../core/lock-words.ts';
import { count } from '../../core/text.ts';

export async function lockLines(
  service: string,
  environment: string,
  context: ReadContext,
): Promise<string[]> {
  const key = readLockKey(service, environment);
  if (key === undefined) return [];
  const { held, waiting } = await context.locks();
  const isOfIt = (one: { readonly keys: readonly (typeof key)[] }) =>
    one.keys.some((other) => overlap(other, key));
  const lines = held.filter(isOfIt).map((lock) => {
    if (lock.kind === 'unreadable')
      return `A lock of it (${lock.requestId}) cannot be read: nothing starts there.`;
    const since = formatDuration(context.now - lock.since);
    return lock.kind === 'person'
      ? `🔒 ${keysText(lock.keys)} locked by ${lock.holder.name} for ${since}: ${lock.reason}`
      : `🔒 ${lock.requestId} by ${lock.holder.name} changes ${keysText(lock.keys)} since ${since}`;
  });
  const queue = waiting.filter(isOfIt).length;
  return queue === 0
    ? lines
    : [...lines, `${count(queue, 'request')} ${queue === 1 ? 'waits' : 'wait'} for it.`];
}
