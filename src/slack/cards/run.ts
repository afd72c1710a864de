/** The steps of a run, each with a sign and the word for it, and the lines of progress below. */
import type { KnownBlock } from '@slack/types';
import { formatDuration, secondMs } from '../../core/duration.ts';
import { isEnded, type PlatformRequest, type RunStep } from '../../core/request.ts';
import { count, listOf } from '../../core/text.ts';
import { bold, context, inline, linesWithin, linked, section } from '../blocks.ts';

/** An em space: Slack drops plain spaces at the start of a line. */
const indent = '\u2003';
const maxLines = 40;
const maxProgress = 8;

const signs: Readonly<Record<RunStep['state'], { sign: string; word: string }>> = {
  pending: { sign: '○', word: 'to do' },
  running: { sign: '●', word: 'running' },
  done: { sign: '✓', word: 'done' },
  failed: { sign: '✗', word: 'failed' },
  undoing: { sign: '●', word: 'being undone' },
  undone: { sign: '↩', word: 'undone' },
  undo_failed: { sign: '✗', word: 'could not be undone' },
};

/** `step 3 of 7, Network policy`; of several side by side `2 of 7 steps done, at work on Quota and Network policy`. */
export function runSoFar(request: PlatformRequest): string {
  const running = request.steps.filter((step) => step.state === 'running').map(({ title }) => title);
  if (running.length > 1) {
    const done = request.steps.filter((step) => step.state === 'done').length;
    const named = [...running.slice(0, 3), ...(running.length > 3 ? [`${running.length - 3} more`] : [])];
    return `${done} of ${request.steps.length} steps done, at work on ${listOf(named)}`;
  }
  const index = request.steps.findIndex((step) => step.state !== 'done');
  const step = request.steps[index];
  if (!step) return `${count(request.steps.length, 'step')} done`;
  return `step ${index + 1} of ${request.steps.length}, ${step.title}`;
}

export function runBlocks(request: PlatformRequest): KnownBlock[] {
  const { steps, status } = request;
  if (steps.length === 0) return [];
  if (status === 'succeeded') {
    return [context(`✓ ${count(steps.length, 'step')} done: ${inline(titles(steps), 1500)}.`)];
  }
  // Never begun and never to be: its steps would only look like work to do.
  if (request.startedAt === undefined) {
    return isEnded(request) ? [] : [context(`Steps: ${inline(titles(steps), 1500)}.`)];
  }
  if (isEnded(request)) return endedRunBlocks(request);
  return linesBlocks(steps.flatMap((step) => stepLines(step)));
}

/** What is as it should be after an end is said in a line; where it went wrong, and what remains, stands for itself. */
function endedRunBlocks({ steps, undoCause }: PlatformRequest): KnownBlock[] {
  const culprit = undoCause?.kind === 'failed' ? undoCause.step : undefined;
  const lines = steps.flatMap((step) => {
    if (step.id === culprit && step.state === 'undone') return culpritLines(step);
    return step.state === 'undone' || step.state === 'pending' ? [] : stepLines(step);
  });
  const gathered = (state: RunStep['state'], words: string) => {
    const found = steps.filter((step) => step.state === state && step.id !== culprit);
    if (found.length === 0) return [];
    return [`${signs[state].sign} ${count(found.length, 'step')} ${words}: ${inline(titles(found), 1000)}.`];
  };
  const rest = [...gathered('undone', 'undone'), ...gathered('pending', 'not begun')];
  return [...linesBlocks(lines), ...(rest.length === 0 ? [] : [context(rest.join('\n'))])];
}

function linesBlocks(lines: readonly string[]): KnownBlock[] {
  if (lines.length === 0) return [];
  const shown = linesWithin(lines, maxLines, (left) => `and ${count(left, 'more line')}`);
  return [section(`${bold('Steps')}\n${shown}`)];
}

function titles(steps: readonly RunStep[]): string {
  return steps.map((step) => step.title).join(', ');
}

function culpritLines(step: RunStep): string[] {
  return [`✗ ${inline(step.title, 120)}: failed, and undone`, ...progressLines(step)];
}

function stepLines(step: RunStep): string[] {
  const { sign, word } = signs[step.state];
  const tookMs =
    step.state === 'done' && step.startedAt !== undefined && step.endedAt !== undefined
      ? step.endedAt - step.startedAt
      : 0;
  const took = tookMs < secondMs ? '' : ` in ${formatDuration(tookMs)}`;
  const again = step.attempts > 1 && step.state === 'running' ? `, attempt ${step.attempts}` : '';
  const note = step.note === undefined ? undefined : linked(step.note, 300);
  // While it runs its note says how far it is, which says that it runs.
  const state =
    step.state === 'running' && note !== undefined
      ? `${note}${again}`
      : `${word}${took}${again}${note === undefined ? '' : ` – ${note}`}`;
  const head = `${sign} ${inline(step.title, 120)}: ${state}`;
  // Once a step is done its lines are noise; where it failed they are the reason.
  const isOpen = step.state !== 'done' && step.state !== 'undone';
  return [head, ...(isOpen ? progressLines(step) : [])];
}

function progressLines({ progress }: RunStep): string[] {
  return progress.slice(-maxProgress).map((line) => `${indent}${linked(line, 200)}`);
}
