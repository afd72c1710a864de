/** What went wrong with Prometheus, in words for who asked and for who can mend it. No token and no address in them. */
import { secondMs } from '../../core/duration.ts';
import { type Problem, problem } from '../../core/problem.ts';
import { fitRedacted } from '../../core/redact.ts';
import { outageDetail, outageOf } from '../outage.ts';
import type { ApiError } from './answers.ts';

/** It did not answer at all. */
export function unreachable(error: unknown): Problem {
  const { words, isTransient } = outageOf(error);
  return problem('outside_unavailable', `Prometheus ${words}.`, whatNow(isTransient), {
    detail: outageDetail(error),
    isTransient,
  });
}

/** It answered something else than its API does: a proxy's page, or half an answer. */
export function unreadable(status: number): Problem {
  return problem(
    'outside_unavailable',
    'What answers at the address of Prometheus is not its API, or broke off half-way.',
    'Ask the platform team to compare PROMETHEUS_URL.',
    { detail: `status ${status}`, isTransient: true },
  );
}

export function tooLarge(what: 'question' | 'answer' | 'number of series'): Problem {
  return problem(
    'bad_input',
    `The ${what} is too large.`,
    'Sum it up in the query, under `metrics` in catalog.yml.',
  );
}

export interface Refusal {
  readonly status: number;
  readonly retryAfter: string | null;
}

/** It answered with an error, by status and by its own error type. */
export function refused(
  { status, retryAfter }: Refusal,
  { errorType = '', error = '' }: Partial<ApiError>,
): Problem {
  const detail = fitRedacted(`status ${status} ${errorType}: ${error}`, 500);
  const said = fitRedacted(error.replaceAll(/\s+/g, ' ').trim(), 300);
  if (status === 401 || status === 403) {
    return problem(
      'outside_refused',
      status === 401
        ? 'Prometheus does not accept the token of Greenlight.'
        : 'The token of Greenlight may not ask this of Prometheus.',
      'Ask the platform team to look at PROMETHEUS_TOKEN.',
      { detail },
    );
  }
  if (errorType === 'bad_data') {
    return problem(
      'bad_input',
      `Prometheus cannot read the query: ${said}.`,
      'Correct it under `metrics` in catalog.yml.',
      { detail },
    );
  }
  if (errorType === 'timeout' || errorType === 'canceled') {
    return problem(
      'outside_unavailable',
      'Prometheus gave up: the query took too long.',
      'Try again, or over a shorter time.',
      { detail, isTransient: true },
    );
  }
  if (errorType === 'execution') {
    return problem(
      'outside_refused',
      `Prometheus cannot carry out the query: ${said}.`,
      'Correct it under `metrics` in catalog.yml.',
      { detail },
    );
  }
  if (status === 404 || status === 405) {
    return problem(
      'outside_refused',
      'There is no Prometheus API at the address that Greenlight was given.',
      'Ask the platform team to compare PROMETHEUS_URL.',
      { detail },
    );
  }
  const isTransient = status === 429 || status >= 500;
  const seconds = Number(retryAfter ?? Number.NaN);
  return problem(
    isTransient ? 'outside_unavailable' : 'outside_refused',
    status === 429
      ? 'Prometheus has too much to do just now.'
      : `Prometheus answered with an error (${status}).`,
    whatNow(isTransient),
    { detail, isTransient, ...(seconds > 0 ? { retryAfterMs: seconds * secondMs } : {}) },
  );
}

function whatNow(isTransient: boolean): string {
  return isTransient
    ? 'Try again in a moment; if it stays, tell the platform team.'
    : 'Tell the platform team.';
}
