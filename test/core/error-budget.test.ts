import { describe, expect, test } from 'vitest';
import { budgetWords, errorBudget, isBudgetWell, percent } from '../../src/core/error-budget.ts';

const objective = { availability: 99.9, days: 30 };
const words = (spent: number, now: number) => budgetWords(objective, errorBudget(objective, spent, now));

describe('an error budget in words', () => {
  test('slowly used up, it says what is left', () => {
    expect(words(0.0005, 0.0008)).toBe(
      '50 % of the error budget is left (99.9 % over 30d); it is not used up faster than planned.',
    );
  });

  test('quickly used up, it says when it is gone', () => {
    expect(words(0.0005, 0.01)).toBe(
      '50 % of the error budget is left (99.9 % over 30d); at this rate, 10.0 times what is planned, it is gone in 1d 12h.',
    );
  });

  test('used up, it says by how much', () => {
    expect(words(0.002, 0)).toBe(
      'The error budget is used up (99.9 % over 30d): 100 % more than allowed went wrong.',
    );
  });

  test('it is well until it is empty, or burns so that it is within two days', () => {
    expect(isBudgetWell(errorBudget(objective, 0.0005, 0.014))).toBe(true);
    expect(isBudgetWell(errorBudget(objective, 0.0005, 0.0145))).toBe(false);
    expect(isBudgetWell(errorBudget(objective, 0.0011, 0))).toBe(false);
  });
});

test.each([
  [0, '0 %'],
  [0.000_01, '< 0.01 %'],
  [0.000_46, '0.05 %'],
  [0.031, '3.1 %'],
  [0.414, '41 %'],
])('%d is %s', (share, expected) => {
  expect(percent(share)).toBe(expected);
});
