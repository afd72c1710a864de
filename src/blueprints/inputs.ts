/** What a blueprint or an operation asks for: a JSON Schema in the file itself, or one `from` a file beside it. */
import { z } from 'zod';
import { digestOf } from '../core/digest.ts';
import type { InputSchema, SchemaValues } from '../core/input-schema.ts';
import { ok, problem, type Result, refuse } from '../core/problem.ts';
import { formatMistake, type Read, type Source } from '../documents/document.ts';
import type { Path } from '../documents/positions.ts';
import { inputSchemaOf } from '../schemas/input-schema.ts';
import { readDefinition } from '../schemas/read-definition.ts';
import { readJsonSchema, readValuesSchema } from '../schemas/read-json-schema.ts';
import { readTemplate } from '../schemas/read-template.ts';
import type { Reading } from './reading.ts';

export interface Neighbours {
  /** A file beside the blueprint's, by its name. */
  neighbour(name: string): Source | undefined;
}

const fromSchema = z.strictObject({
  from: z.string().min(1),
  /** Of a chart: its `values.yaml`, whose values are the defaults. */
  values: z.string().min(1).optional(),
  /** Of a custom resource's definition: the version, and the way to what is asked for. */
  version: z.string().min(1).optional(),
  path: z.array(z.string()).optional(),
});

export function readInputs(
  given: unknown,
  path: Path,
  reading: Reading,
  neighbours: Neighbours,
): InputSchema {
  if (given === undefined) return nothing;
  const from = fromSchema.safeParse(given);
  if (from.success) return readFrom(from.data, path, reading, neighbours);
  const made = inputSchemaOf(given);
  if (made.ok) return made.value;
  for (const mistake of made.mistakes) reading.complain([...path, ...mistake.path], mistake.message);
  return nothing;
}

function readFrom(
  { from, values, version, path: inside }: z.infer<typeof fromSchema>,
  path: Path,
  reading: Reading,
  { neighbour }: Neighbours,
): InputSchema {
  const sources = [from, ...(values === undefined ? [] : [values])].map((name) => {
    const found = neighbour(name);
    if (!found)
      reading.complain(
        [...path, name === from ? 'from' : 'values'],
        `there is no file "${name}" beside this one.`,
      );
    return found;
  });
  const [source, own] = sources;
  if (!source) return nothing;
  const read = readAs(source, own, {
    ...(version === undefined ? {} : { version }),
    ...(inside === undefined ? {} : { path: inside }),
  });
  if (read.ok) return read.value;
  const [first] = read.mistakes;
  if (first) reading.complain([...path, 'from'], `${formatMistake(first)}`);
  return nothing;
}

/** By its name: `widgets.crd.yml`, `shop.values.schema.json`, Backstage's `page.template.yml`; anything else is plain JSON Schema. */
function readAs(
  source: Source,
  values: Source | undefined,
  choice: { readonly version?: string; readonly path?: readonly string[] },
): Read<InputSchema> {
  if (/\.crd\.(?:ya?ml|json)$/.test(source.file)) return readDefinition(source, choice);
  if (/\.?values\.schema\.json$/.test(source.file)) return readValuesSchema(source, values);
  if (/\.template\.ya?ml$/.test(source.file)) return readTemplate(source);
  return readJsonSchema(source);
}

/** Of a blueprint that asks for nothing. */
const nothing: InputSchema = {
  digest: digestOf('nothing'),
  fields: [],
  shown: () => [],
  read: (answers) => takeNothing(Object.keys(answers)),
  written: () => ({}),
  check: (values) => takeNothing(Object.keys(values)),
  leftOut: [],
};

function takeNothing([name]: readonly string[]): Result<SchemaValues> {
  if (name === undefined) return ok({});
  const sentence = `There is no input "${name}": nothing more is asked for here.`;
  return refuse(problem('bad_input', sentence, 'Leave it out.', { fields: { [name]: sentence } }));
}
