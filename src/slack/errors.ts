/** Slack's errors in our words: a `ProblemError` for whoever called, with Slack's own word for the operator. */
import { WebAPIPlatformError, WebAPIRateLimitedError } from '@slack/web-api';
import { type Problem, ProblemError, problem } from '../core/problem.ts';

/** Slack's code of a refused call (`channel_not_found`), or `undefined` when the call did not get that far. */
export function slackErrorCode(error: unknown): string | undefined {
  return error instanceof WebAPIPlatformError ? error.data.error : undefined;
}

/** The problem that a failed Web API call is. */
export function slackProblem(error: unknown, method: string): ProblemError {
  if (error instanceof ProblemError) return error;
  return new ProblemError(problemOf(error, method), { cause: error });
}

function problemOf(error: unknown, method: string): Problem {
  if (error instanceof WebAPIRateLimitedError) {
    const retryAfterMs = error.retryAfter * 1000;
    return unavailable(`${method}: rate limited for ${error.retryAfter} s`, { retryAfterMs });
  }
  const code = slackErrorCode(error);
  if (code === undefined) {
    const what = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    return unavailable(`${method}: ${what}`);
  }
  if (passing.has(code)) return unavailable(`${method}: ${code}`);
  const { sentence, next } = explained[code] ?? {
    sentence: 'Slack refused it.',
    next: 'Give the reference to the platform team.',
  };
  return problem('outside_refused', sentence, next, { detail: `${method}: ${code}` });
}

/** Codes after which the same call may go well later. */
const passing = new Set([
  'internal_error',
  'fatal_error',
  'service_unavailable',
  'request_timeout',
  'ratelimited',
]);

const invite = {
  sentence: 'Greenlight is not in the channel where its cards go.',
  next: 'Invite it there with `/invite @greenlight`; the card appears by itself afterwards.',
};
const reinstall = {
  sentence: 'Greenlight may not do this in Slack.',
  next: 'Install the app again from its manifest, so that it has the scopes it needs.',
};
const explained: Readonly<Record<string, { sentence: string; next: string }>> = {
  not_in_channel: invite,
  channel_not_found: invite,
  is_archived: {
    sentence: 'The channel where the cards go is archived.',
    next: 'Choose another one in the settings, or restore it.',
  },
  missing_scope: reinstall,
  invalid_auth: reinstall,
  token_revoked: reinstall,
  account_inactive: reinstall,
  expired_trigger_id: {
    sentence: 'Slack waited too long for the form to open.',
    next: 'Type the command again.',
  },
  trigger_expired: {
    sentence: 'Slack waited too long for the form to open.',
    next: 'Type the command again.',
  },
};

function unavailable(detail: string, more: Partial<Problem> = {}): Problem {
  return problem('outside_unavailable', 'Slack does not answer just now.', 'Try again in a moment.', {
    ...more,
    detail,
    isTransient: true,
  });
}
