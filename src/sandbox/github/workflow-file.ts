/**
 * A workflow file as GitHub reads it: name, `workflow_dispatch` inputs, run name, jobs and steps. What a file may
 * hold: https://docs.github.com/actions/reference/workflows-and-actions/workflow-syntax
 */
import { data, Evaluator, Lexer, Parser } from '@actions/expressions';
import { parseDocument } from 'yaml';
import { z } from 'zod';

export interface WorkflowInput {
  readonly type: 'string' | 'choice' | 'boolean' | 'number' | 'environment';
  readonly required: boolean;
  readonly default: string | undefined;
  readonly options: readonly string[];
}
interface WorkflowJob {
  readonly key: string;
  readonly name: string;
  readonly needs: readonly string[];
  readonly labels: readonly string[];
  /** May hold an expression. */
  readonly environment: string | null;
  readonly steps: readonly string[];
}
export interface WorkflowFile {
  readonly name: string;
  /** May hold expressions. */
  readonly runName: string | undefined;
  readonly events: readonly string[];
  /** `undefined` when the workflow cannot be dispatched. */
  readonly dispatchInputs: ReadonlyMap<string, WorkflowInput> | undefined;
  readonly jobs: readonly WorkflowJob[];
}

/** https://docs.github.com/actions/reference/workflows-and-actions/workflow-syntax#onworkflow_dispatchinputs */
export const dispatchInputsMax = 25;

/** @throws Error with a sentence, when GitHub would refuse the file. */
export function parseWorkflow(text: string, path: string): WorkflowFile {
  const document = parseDocument(text, { version: '1.2' });
  const [problem] = document.errors;
  if (problem) throw new Error(`${path}: ${problem.message}`);
  const parsed = fileSchema.safeParse(document.toJS());
  if (!parsed.success) throw new Error(`${path}: ${z.prettifyError(parsed.error)}`);
  const file = parsed.data;
  const triggers = triggersOf(file.on);
  return {
    name: file.name ?? path,
    runName: file['run-name'],
    events: Object.keys(triggers),
    dispatchInputs:
      'workflow_dispatch' in triggers ? dispatchInputsOf(triggers.workflow_dispatch, path) : undefined,
    jobs: Object.entries(file.jobs ?? {}).map(([key, job]) => ({
      key,
      name: job.name ?? key,
      needs: typeof job.needs === 'string' ? [job.needs] : (job.needs ?? []),
      labels: typeof job['runs-on'] === 'string' ? [job['runs-on']] : ['ubuntu-latest'],
      environment: typeof job.environment === 'string' ? job.environment : (job.environment?.name ?? null),
      steps: (job.steps ?? []).map(
        (step) => step.name ?? (step.uses ? `Run ${step.uses}` : `Run ${step.run ?? ''}`),
      ),
    })),
  };
}

export type Contexts = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** Replaces every `${{ ... }}`. @throws Error when an expression is not one. */
export function interpolate(template: string, contexts: Contexts): string {
  const values = JSON.parse(JSON.stringify(contexts), data.reviver) as data.Dictionary;
  return template.replace(/\$\{\{(.*?)\}\}/gs, (_, expression: string) => {
    const { tokens } = new Lexer(expression.trim()).lex();
    const parsed = new Parser(tokens, Object.keys(contexts), []).parse();
    return new Evaluator(parsed, values).evaluate().coerceString();
  });
}

/**
 * The inputs of a dispatch with defaults filled in, or the sentence with which GitHub refuses them (422).
 * Environments of the repository are the options of inputs of that type.
 */
export function checkInputs(
  inputs: ReadonlyMap<string, WorkflowInput>,
  given: Readonly<Record<string, unknown>>,
  environments: readonly string[],
): { readonly values: Readonly<Record<string, string>> } | { readonly refusal: string } {
  const unknown = Object.keys(given).filter((name) => !inputs.has(name));
  if (unknown.length > 0) return { refusal: `Unexpected inputs provided: ${JSON.stringify(unknown)}` };
  const values: Record<string, string> = {};
  for (const [name, input] of inputs) {
    const value = given[name] === undefined || given[name] === null ? undefined : String(given[name]);
    if (input.required && (value ?? input.default ?? '') === '')
      return { refusal: `Required input '${name}' not provided` };
    const chosen = value ?? input.default ?? (input.type === 'boolean' ? 'false' : '');
    const refusal = chosen === '' ? undefined : refusalOf(name, input, chosen, environments);
    if (refusal !== undefined) return { refusal };
    values[name] = chosen;
  }
  return { values };
}

function refusalOf(
  name: string,
  input: WorkflowInput,
  value: string,
  environments: readonly string[],
): string | undefined {
  const notAllowed = `Provided value '${value}' for input '${name}' not in the list of allowed values`;
  switch (input.type) {
    case 'choice':
      return input.options.includes(value) ? undefined : notAllowed;
    case 'environment':
      return environments.includes(value) ? undefined : notAllowed;
    case 'boolean':
      return value === 'true' || value === 'false' ? undefined : notAllowed;
    case 'number':
      return Number.isFinite(Number(value))
        ? undefined
        : `Provided value '${value}' for input '${name}' is not a valid number`;
    case 'string':
      return undefined;
    default:
      return input.type satisfies never;
  }
}

const scalarSchema = z.union([z.string(), z.number(), z.boolean()]);
const inputSchema = z.object({
  type: z.enum(['string', 'choice', 'boolean', 'number', 'environment']).default('string'),
  required: z.boolean().default(false),
  default: scalarSchema.optional(),
  options: z.array(scalarSchema).optional(),
});
const jobSchema = z.object({
  name: z.string().optional(),
  needs: z.union([z.string(), z.array(z.string())]).optional(),
  'runs-on': z.unknown().optional(),
  environment: z.union([z.string(), z.object({ name: z.string() })]).optional(),
  steps: z
    .array(z.object({ name: z.string().optional(), uses: z.string().optional(), run: z.string().optional() }))
    .optional(),
});
const fileSchema = z.object({
  name: z.string().optional(),
  'run-name': z.string().optional(),
  on: z.union([z.string(), z.array(z.string()), z.record(z.string(), z.unknown())]),
  jobs: z.record(z.string(), jobSchema).optional(),
});

function triggersOf(on: z.infer<typeof fileSchema>['on']): Record<string, unknown> {
  if (typeof on === 'string') return { [on]: null };
  return Array.isArray(on) ? Object.fromEntries(on.map((event) => [event, null])) : on;
}

function dispatchInputsOf(trigger: unknown, path: string): ReadonlyMap<string, WorkflowInput> {
  const schema = z.object({ inputs: z.record(z.string(), inputSchema.nullable()).nullish() }).nullish();
  const parsed = schema.safeParse(trigger);
  if (!parsed.success) throw new Error(`${path}: workflow_dispatch: ${z.prettifyError(parsed.error)}`);
  const entries = Object.entries(parsed.data?.inputs ?? {});
  if (entries.length > dispatchInputsMax)
    throw new Error(
      `${path}: workflow_dispatch has ${entries.length} inputs; at most ${dispatchInputsMax} are allowed.`,
    );
  return new Map(
    entries.map(([name, input]) => {
      const { type, required, default: fallback, options } = input ?? inputSchema.parse({});
      const strings = options?.map(String) ?? [];
      const wrong = wrongDefault(type, fallback, strings);
      if (type === 'choice' && strings.length === 0)
        throw new Error(`${path}: input ${name} is a choice without options.`);
      if (wrong) throw new Error(`${path}: the default of input ${name} ${wrong}.`);
      const text = fallback === undefined ? undefined : String(fallback);
      return [name, { type, required, default: text, options: strings }];
    }),
  );
}

function wrongDefault(
  type: WorkflowInput['type'],
  fallback: string | number | boolean | undefined,
  options: readonly string[],
): string | undefined {
  if (fallback === undefined) return undefined;
  switch (type) {
    case 'boolean':
      return typeof fallback === 'boolean' ? undefined : 'must be true or false';
    case 'number':
      return typeof fallback === 'number' ? undefined : 'must be a number';
    case 'choice':
      return options.includes(String(fallback)) ? undefined : 'is not among its options';
    case 'string':
    case 'environment':
      return typeof fallback === 'string' ? undefined : 'must be a string';
    default:
      return type satisfies never;
  }
}
