/** What GitHub says when a fault answers in its place. */
import { STATUS_CODES } from 'node:http';

const limitsUrl =
  'https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api#about-secondary-rate-limits';

/** GitHub's error object; its load balancers say `Server Error` for 500 and 502. */
export function faultBody(status: number) {
  if (status === 429) return secondaryLimitBody(status);
  const message =
    status === 500 || status === 502 ? 'Server Error' : (STATUS_CODES[status] ?? 'Server Error');
  return { message, documentation_url: 'https://docs.github.com/rest', status: String(status) };
}

export function secondaryLimitBody(status: number) {
  return {
    documentation_url: limitsUrl,
    message:
      'You have exceeded a secondary rate limit. Please wait a few minutes before you try again. If you reach out to GitHub Support for help, please include the request ID.',
    status: String(status),
  };
}
