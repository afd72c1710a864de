/** The workflows that the catalog names, with their inputs: from the workflow files themselves, or as JSON Schema. */
import type { CatalogFile, Workflows } from '../core/catalog.ts';
import type { InputSchema } from '../core/input-schema.ts';
import { didYouMean } from '../core/text.ts';
import { markerInput, type Workflow, type WorkflowEntry } from '../core/workflow.ts';
import type { Mistake, Read, Source } from '../documents/document.ts';
import { parseYaml } from '../documents/parse-yaml.ts';
import { inputSchemaOf } from '../schemas/input-schema.ts';
import { readWorkflow, takesInput } from '../schemas/read-workflow.ts';

/** `files`: the texts of `data/workflows/`, by name. */
export function readWorkflows(
  catalog: Pick<CatalogFile, 'workflows'>,
  files: ReadonlyMap<string, Source>,
): Read<Workflows> {
  const mistakes: Mistake[] = [];
  // People's words are looked up in it: a plain object would also know the name "constructor".
  const workflows: Record<string, Workflow> = Object.create(null);
  for (const [name, entry] of Object.entries(catalog.workflows)) {
    const read = inputsOf(name, entry, files);
    if (read.ok) workflows[name] = { ...entry, inputs: read.value };
    else mistakes.push(...read.mistakes);
  }
  return mistakes.length === 0 ? { ok: true, value: workflows } : { ok: false, mistakes };
}

/** What a workflow without inputs is run with. */
const nothing = { type: 'object', additionalProperties: false };

function inputsOf(
  name: string,
  { inputs = nothing }: WorkflowEntry,
  files: ReadonlyMap<string, Source>,
): Read<InputSchema> {
  if (!isFile(inputs)) {
    const made = inputSchemaOf(inputs);
    if (made.ok) return made;
    const mistakes = made.mistakes.map(({ path, message }) =>
      inCatalog(`workflows.${[name, 'inputs', ...path].join('.')}: ${message}`),
    );
    return { ok: false, mistakes };
  }
  const file = inputs.from;
  const source = files.get(file);
  if (!source) {
    const message = `workflows.${name}.inputs.from: there is no file "${file}".${didYouMean(file, files.keys())}`;
    return { ok: false, mistakes: [inCatalog(message)] };
  }
  const read = readWorkflow(source, { hidden: [markerInput] });
  if (!read.ok) return read;
  const parsed = parseYaml(source);
  if (parsed.ok && !takesInput(parsed.value, markerInput)) {
    const message = `The input ${markerInput} is missing: without it a run that is asked for cannot be found again.`;
    return { ok: false, mistakes: [{ file: source.file, line: 1, column: 1, message }] };
  }
  return read;
}

function isFile(inputs: Readonly<Record<string, unknown>>): inputs is { from: string } {
  return typeof inputs.from === 'string' && Object.keys(inputs).length === 1;
}

function inCatalog(message: string): Mistake {
  return { file: 'data/catalog.yml', line: 1, column: 1, message };
}
