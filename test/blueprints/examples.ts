/** What somebody might answer to a blueprint's questions: its defaults, and something plausible for the rest. */
import type { BlueprintScope } from '../../src/core/blueprint.ts';
import type { InputSchema, SchemaField } from '../../src/core/input-schema.ts';

export function exampleValues({ fields }: InputSchema): Readonly<Record<string, unknown>> {
  const needed = fields.filter((field) => field.isRequired && field.defaultValue === undefined);
  return Object.fromEntries(needed.map((field) => [field.path, exampleOf(field)]));
}

export function exampleScope(name = 'a', input: Readonly<Record<string, unknown>> = {}): BlueprintScope {
  return {
    environment: {
      ...{ name, namespace: `env-${name}`, team: 'checkout', owner: 'dana@acme.example' },
      ...{ cpu: 4, memoryGi: 8, replicas: 2 },
    },
    input,
  };
}

function exampleOf({ kind, path }: SchemaField): unknown {
  switch (kind.type) {
    case 'text':
      return path === 'version' ? '1.2.0' : 'example';
    case 'number':
      return kind.min ?? 1;
    case 'boolean':
      return false;
    case 'enum':
      return kind.values[0];
    case 'list':
      return [];
    case 'map':
    case 'yaml':
      return {};
  }
}
