/** Validation of CustomResourceDefinitions: names, and that their schemas are structural. */
import { asJson, at, isObject, same } from '../json.ts';
import { type Fault, invalidValue, required } from '../status.ts';
import type { Json, JsonObject, KubeObject } from '../types.ts';
import { compileFaults, costFaults } from './rules.ts';

export function definitionFaults(definition: KubeObject): Fault[] {
  const spec = at(asJson(definition), 'spec');
  if (!isObject(spec)) return [required('spec')];
  const wanted = `${String(at(spec, 'names', 'plural') ?? '')}.${String(spec.group ?? '')}`;
  const faults: Fault[] = [];
  if (definition.metadata.name !== wanted) {
    faults.push(
      invalidValue('metadata.name', definition.metadata.name, 'must be spec.names.plural+"."+spec.group'),
    );
  }
  const versions = Array.isArray(spec.versions) ? spec.versions : [];
  versions.forEach((version, index) => {
    const schema = at(version, 'schema', 'openAPIV3Schema');
    if (!isObject(schema)) {
      faults.push(required(`spec.versions[${index}].schema.openAPIV3Schema`, 'schemas are required'));
      return;
    }
    const path =
      versions.length === 1
        ? 'spec.validation.openAPIV3Schema'
        : `spec.versions[${index}].schema.openAPIV3Schema`;
    const structural = structuralFaults(schema, path);
    // Rules are compiled only against a schema that has types.
    faults.push(
      ...(structural.length > 0 ? structural : [...compiled(schema, path), ...costFaults(schema, path)]),
    );
  });
  return faults;
}

/** Every part of a schema says its type. Children come before their parents, as the real validator lists them. */
function structuralFaults(part: JsonObject, path: string): Fault[] {
  const faults: Fault[] = [];
  const visit = (child: Json | undefined, where: string) => {
    if (isObject(child)) faults.push(...structuralFaults(child, where));
  };
  for (const [key, property] of Object.entries(isObject(part.properties) ? part.properties : {})) {
    visit(property, `${path}.properties[${key}]`);
  }
  visit(part.items, `${path}.items`);
  visit(part.additionalProperties, `${path}.additionalProperties`);
  const free =
    part['x-kubernetes-int-or-string'] === true || part['x-kubernetes-preserve-unknown-fields'] === true;
  if (part.type === undefined && !free) {
    faults.push(required(`${path}.type`, 'must not be empty for specified object fields'));
  }
  return faults;
}

function compiled(part: JsonObject, path: string): Fault[] {
  const faults = compileFaults(part, path);
  for (const [key, property] of Object.entries(isObject(part.properties) ? part.properties : {})) {
    if (isObject(property)) faults.push(...compiled(property, `${path}.properties[${key}]`));
  }
  if (isObject(part.items)) faults.push(...compiled(part.items, `${path}.items`));
  return faults;
}

export function definitionUpdateFaults(live: KubeObject, next: KubeObject): Fault[] {
  return ['group', 'scope', 'names.kind', 'names.plural']
    .map((field) => ({ field, path: ['spec', ...field.split('.')] }))
    .filter(({ path }) => !same(at(asJson(live), ...path), at(asJson(next), ...path)))
    .map(({ field, path }) => invalidValue(`spec.${field}`, at(asJson(next), ...path), 'field is immutable'));
}
