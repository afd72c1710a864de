/** `npm run demo`: the stories without a browser, as a transcript to read. */
import type { Log } from '../core/ports.ts';
import { openStage } from './stage.ts';
import { stories } from './stories.ts';
import { castOf } from './story.ts';

export interface DemoOptions {
  readonly mode: 'socket' | 'http';
  readonly dataFolder: string;
  readonly log: Log;
  write(line: string): void;
}

/** Plays all of them in one world. `false` when any did not end as told. */
export async function playDemo({ write, ...options }: DemoOptions): Promise<boolean> {
  const stage = await openStage(options);
  const failed: string[] = [];
  try {
    const cast = castOf(stage, write);
    for (const [index, story] of stories.entries()) {
      write(`\n━━ ${index + 1}. ${story.title} ━━`);
      try {
        await story.play(cast);
      } catch (error) {
        failed.push(story.title);
        write(`  ✗ ${error instanceof Error ? error.message : String(error)}`);
      }
    }
  } finally {
    await stage.close();
  }
  write(`\n${stories.length - failed.length} of ${stories.length} stories ended as told.`);
  for (const title of failed) write(`  ✗ ${title}`);
  return failed.length === 0;
}
