/** Why an approved request does not start yet: who holds what it needs, since when, until when, and its place. */
import type { KnownBlock } from '@slack/types';
import type { Obstacle } from '../../core/lock.ts';
import { obstacleNext, obstacleText } from '../../core/lock-words.ts';
import type { PlatformRequest } from '../../core/request.ts';
import { count } from '../../core/text.ts';
import { bold, date, inline, linesWithin, linked, section } from '../blocks.ts';

const linesMax = 8;

export function queueBlocks({ queue }: PlatformRequest): KnownBlock[] {
  if (!queue) return [];
  const lines = queue.behind.map(obstacleLine);
  const list = linesWithin(lines, linesMax, (left) => `and ${count(left, 'more')}`, 2500);
  const next = inline(obstacleNext(queue.behind), 400);
  return [section(`${bold(`Waiting for a lock, ${placeText(queue.place)}`)}\n${list}\n${next}`)];
}

export function placeText(place: number): string {
  return place === 1 ? 'next in the queue' : `number ${place} in the queue`;
}

function obstacleLine(obstacle: Obstacle): string {
  const since = obstacle.since === undefined ? '' : `, since ${date(obstacle.since)}`;
  const until = obstacle.until === undefined ? '' : `, until ${date(obstacle.until)}`;
  return `• ${linked(obstacleText(obstacle), 500)}${since}${until}`;
}
