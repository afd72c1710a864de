/** Ways to break things that somebody is likely to want, in words. */
import type { FaultRuleInput } from '../../protocol.ts';

export interface FaultPreset {
  readonly name: string;
  readonly detail: string;
  readonly rule: FaultRuleInput;
}

export const faultPresets: readonly FaultPreset[] = [
  {
    name: 'Slack is rate limiting',
    detail: 'the next 3 chat.* calls answer 429, try again in 5 s',
    rule: {
      box: 'slack',
      operation: 'chat.*',
      times: 3,
      fault: { kind: 'status', status: 429, retryAfterSeconds: 5 },
    },
  },
  {
    name: 'Slack is slow',
    detail: 'every method answers 4 s late',
    rule: { box: 'slack', operation: '*.*', fault: { kind: 'slow', delayMs: 4_000 } },
  },
  {
    name: 'Slack loses an answer',
    detail: 'the next message is posted, but its answer never arrives',
    rule: { box: 'slack', operation: 'chat.postMessage', times: 1, fault: { kind: 'lost-response' } },
  },
  {
    name: 'Envelopes come twice',
    detail: 'everything that Slack sends to the app',
    rule: { box: 'slack', operation: 'envelope:*', fault: { kind: 'duplicate' } },
  },
  {
    name: 'GitHub is down',
    detail: 'every call answers 502',
    rule: { box: 'github', operation: '*', fault: { kind: 'status', status: 502 } },
  },
  {
    name: 'GitHub hangs',
    detail: 'the next 2 calls never answer',
    rule: { box: 'github', operation: '*', times: 2, fault: { kind: 'timeout' } },
  },
  {
    name: 'Cluster refuses',
    detail: 'every call answers 503',
    rule: { box: 'cluster', operation: '*', fault: { kind: 'status', status: 503 } },
  },
  {
    name: 'Cluster resets',
    detail: 'half of the calls lose their connection',
    rule: { box: 'cluster', operation: '*', probability: 0.5, fault: { kind: 'reset' } },
  },
];
