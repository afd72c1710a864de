/** Slack's errors in our words: a `ProblemError` for whoever called, with Slack's own word for the operator. */
import { WebAPIPlatformError, WebAPIRateLimitedError } from '@slack/web-api';
import { type Problem, ProblemError, problem } from '../core/problem.ts';

/** Slack's code of a refused call (`channel_not_found`), or `undefined` when the call did not get that far. */
export function slackErrorCode(error: unknown): string | undefined {
  return error instanceof WebAPIPlatformError ? error.data.error : undefined;
}

/** A failed Web API call, for whoever keeps the pace of them. */
export class SlackCallError extends ProblemError {
  readonly method: string;
  /** Slack's own word, when it said one. */
  readonly slackCode: string | undefined;
  constructor(error: unknown, method: string) {
    super(problemOf(error, method), { cause: error });
    this.method = method;
    this.slackCode = slackErrorCode(error);
  }
}

/** The problem that a failed Web API call is. */
export function slackProblem(error: unknown, method: string): ProblemError {
  return error instanceof ProblemError ? error : new SlackCallError(error, method);
}

/** What a failure says something about, and with it what else would fail as well. */
export type Blame = 'message' | 'channel' | 'workspace' | 'slack';

/** `slack`: it does not answer, or wants us to wait. What came from no call says nothing about any. */
export function blameOf(error: unknown): Blame {
  if (!(error instanceof SlackCallError)) return 'message';
  const code = error.slackCode ?? '';
  if (ofWorkspace.has(code)) return 'workspace';
  if (ofChannel.has(code)) return 'channel';
  return error.problem.isTransient ? 'slack' : 'message';
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

/** Our token is worth nothing, for now or for good. */
const ofWorkspace = new Set([
  'invalid_auth',
  'not_authed',
  'account_inactive',
  'token_revoked',
  'token_expired',
  'access_denied',
  'ekm_access_denied',
  'enterprise_is_restricted',
  'org_login_required',
  'two_factor_setup_required',
  'team_access_not_granted',
]);

/** Nothing new can be written there, whatever it is. */
const ofChannel = new Set([
  'not_in_channel',
  'channel_not_found',
  'is_archived',
  'restricted_action',
  'restricted_action_read_only_channel',
  'restricted_action_thread_only_channel',
  'channel_is_limited_access',
  'messages_tab_disabled',
]);

/** It is written wrong, so it is refused wherever and whenever it is sent. */
export const unwritable: ReadonlySet<string> = new Set([
  'msg_too_long',
  'msg_blocks_too_long',
  'invalid_blocks',
  'invalid_blocks_format',
  'invalid_attachments',
  'too_many_attachments',
  'no_text',
]);

/** The person cannot be written to: they have left, or never were one. */
export const unreachable: ReadonlySet<string> = new Set([
  'cannot_dm_bot',
  'user_not_found',
  'user_disabled',
  'user_not_visible',
  'channel_not_found',
  'is_archived',
  'messages_tab_disabled',
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
