/**
 * Statements that are built and compiled once, and run with other values each time: with Kysely's builders alone a
 * command would spend more of the processor on the texts of its statements than the database on carrying them out.
 */
import type { Compilable, CompiledQuery, QueryResult } from 'kysely';
import type { Reader } from './dialect.ts';

export type Prepared<Values, Row> = (db: Reader, values: Values) => Promise<QueryResult<Row>>;

/**
 * @param build makes the statement of `value`, which is made like the values: with what is to be filled in wherever they
 * have a text, a number or nothing. Their truths, their keys and the lengths of their lists are its to decide by: values
 * that differ in these get a statement of their own.
 */
export function prepared<Values extends object, Row>(
  build: (db: Reader, value: Values) => Compilable<Row>,
): Prepared<Values, Row> {
  // Each database has texts of its own.
  const compiled = new WeakMap<object, Map<string, CompiledQuery<Row>>>();

  return (db, values) => {
    const { adapter } = db.getExecutor();
    const known = compiled.get(adapter) ?? new Map<string, CompiledQuery<Row>>();
    compiled.set(adapter, known);
    const filling: unknown[] = [];
    const shape = shapeOf(values, filling);
    const statement = known.get(shape) ?? build(db, placesFor(values, { next: 0 }) as Values).compile();
    known.set(shape, statement);
    const parameters = statement.parameters.map((one) => (one instanceof Place ? filling[one.index] : one));
    return db.executeQuery({ ...statement, parameters });
  };
}

/** Where a value belongs: a builder takes it for the value itself, and hands it on as a parameter. */
class Place {
  readonly index: number;

  constructor(index: number) {
    this.index = index;
  }
}

/** What makes a statement another one; `filling` gets what only fills it, in order. */
function shapeOf(value: unknown, filling: unknown[]): string {
  if (typeof value === 'boolean' || value === undefined) return String(value);
  if (typeof value !== 'object' || value === null) {
    filling.push(value);
    return '?';
  }
  let shape = Array.isArray(value) ? '[' : '{';
  for (const [key, one] of Object.entries(value)) shape += `${key}:${shapeOf(one, filling)},`;
  return shape;
}

function placesFor(value: unknown, index: { next: number }): unknown {
  if (typeof value === 'boolean' || value === undefined) return value;
  if (typeof value !== 'object' || value === null) return new Place(index.next++);
  if (Array.isArray(value)) return value.map((one) => placesFor(one, index));
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, placesFor(one, index)]));
}
