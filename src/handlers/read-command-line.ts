/** A whole command line, as somebody would type it in Slack: which action it asks for, and with what. Pure. */
import type { Actions } from '../core/action.ts';
import type { Catalog } from '../core/catalog.ts';
import { ok, problem, type Result, refuse } from '../core/problem.ts';
import { didYouMean } from '../core/text.ts';
import { parseCommand } from './parse-command.ts';

export interface CommandLine {
  readonly action: string;
  readonly input: Readonly<Record<string, unknown>>;
}

export function readCommandLine(line: string, actions: Actions, catalog: Catalog): Result<CommandLine> {
  const [, slash = '', text = ''] = /^(\/\S+)\s*(.*)$/s.exec(line.trim()) ?? [];
  const group = [...actions]
    .filter(([, { command }]) => command.slash === slash)
    .map(([name, action]) => ({ name, action }));
  if (group.length === 0) {
    const known = new Set([...actions.values()].map(({ command }) => command.slash));
    return refuse(
      problem(
        'bad_input',
        `There is no command "${slash}".${didYouMean(slash, known)}`,
        'Write a line as in Slack.',
      ),
    );
  }
  const parsed = parseCommand(slash, group, text, (name, input) =>
    actions.get(name)?.further?.(input, catalog),
  );
  if (parsed.kind === 'problem') return refuse(parsed.problem);
  if (parsed.kind === 'ask') return ok({ action: parsed.action, input: parsed.input });
  return refuse(problem('bad_input', `"${line}" says too little.`, 'Write all that it needs.'));
}
