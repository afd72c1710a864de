/** As Slack signs: `v0=` and the HMAC-SHA256 of `v0:<timestamp>:<raw body>`. */
import { createHmac } from 'node:crypto';
import { signingSecret } from '../../bench/process/secret.ts';

export function signed(body: string): Record<string, string> {
  const at = Math.floor(Date.now() / 1_000);
  const signature = createHmac('sha256', signingSecret).update(`v0:${at}:${body}`).digest('hex');
  return { 'x-slack-request-timestamp': String(at), 'x-slack-signature': `v0=${signature}` };
}
