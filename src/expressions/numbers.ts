/** Numbers as JavaScript has them, in a language that has two kinds of its own. */
import type { Environment } from '@marcbachmann/cel-js';

/**
 * JavaScript has one kind of number and CEL two: a value is a double, and `4` in an expression an int. CEL compares
 * them by order, but neither as equal nor in sums: these are the missing overloads.
 */
export function withNumbers(environment: Environment): Environment {
  return environment
    .registerOperator('double == int', (a: number, b: bigint) => a === Number(b))
    .registerOperator('double + int: double', (a: number, b: bigint) => a + Number(b))
    .registerOperator('int + double: double', (a: bigint, b: number) => Number(a) + b)
    .registerOperator('double - int: double', (a: number, b: bigint) => a - Number(b))
    .registerOperator('int - double: double', (a: bigint, b: number) => Number(a) - b)
    .registerOperator('double * int: double', (a: number, b: bigint) => a * Number(b))
    .registerOperator('int * double: double', (a: bigint, b: number) => Number(a) * b)
    .registerOperator('double / int: double', (a: number, b: bigint) => a / Number(b))
    .registerOperator('int / double: double', (a: bigint, b: number) => Number(a) / b);
}
