/**
 * How an operation of a blueprint is called. Its name is enough where every blueprint that has one of that name asks for
 * the same; otherwise the blueprint stands before it: `web-service/image`.
 */
import type { Blueprint, BlueprintOperation } from './blueprint.ts';
import type { Catalog } from './catalog.ts';
import { halves } from './halves.ts';

export interface KnownOperation {
  readonly blueprint: Blueprint;
  readonly operation: BlueprintOperation;
}

type Known = Pick<Catalog, 'blueprints'>;

/** All that this may mean. */
export function operationsCalled(text: string, { blueprints }: Known): readonly KnownOperation[] {
  const [first, second] = halves(text, '/');
  return Object.values(blueprints)
    .filter(({ name }) => second === '' || name === first)
    .flatMap((blueprint) =>
      blueprint.operations
        .filter(({ name }) => name === (second || first))
        .map((operation) => ({ blueprint, operation })),
    );
}

/** What it asks for; nothing when that is not clear. */
export function inputsOfOperation(text: string, catalog: Known): BlueprintOperation['inputs'] | undefined {
  const [one, ...others] = operationsCalled(text, catalog).map(({ operation }) => operation.inputs);
  return others.every(({ digest }) => digest === one?.digest) ? one : undefined;
}

/** The shortest name by which it can be called. */
export function callOf({ blueprint, operation }: KnownOperation, catalog: Known): string {
  return inputsOfOperation(operation.name, catalog) ? operation.name : `${blueprint.name}/${operation.name}`;
}
