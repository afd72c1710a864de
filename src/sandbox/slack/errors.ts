/** A "no" in Slack's own words: `{ ok: false, error }`, with more beside it where Slack gives more. */
export class SlackError extends Error {
  readonly code: string;
  readonly extra: Readonly<Record<string, unknown>>;
  /** Of the HTTP answer: 200 for nearly all, as Slack does. */
  readonly status: number;
  readonly retryAfterSeconds: number | undefined;

  constructor(
    code: string,
    extra: Readonly<Record<string, unknown>> = {},
    http: { readonly status?: number; readonly retryAfterSeconds?: number } = {},
  ) {
    super(code);
    this.code = code;
    this.extra = extra;
    this.status = http.status ?? 200;
    this.retryAfterSeconds = http.retryAfterSeconds;
  }
}

export function invalidArguments(messages: readonly string[]): SlackError {
  return new SlackError('invalid_arguments', { response_metadata: { messages } });
}
