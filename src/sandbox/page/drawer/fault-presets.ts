/** Ways to break things that somebody is likely to want, in words. */
import type { FaultRuleInput } from '../../protocol.ts';

export interface FaultPreset {
  readonly name: string;
  readonly detail: string;
  readonly rule: FaultRuleInput;
}

const rateLimited = { kind: 'status', status: 429, retryAfterSeconds: 5 } as const;

export const faultPresets: readonly FaultPreset[] = [
  {
    name: 'Slack limits updates',
    detail: 'the next 3 chat.update calls answer 429, try again in 5 s',
    rule: { box: 'slack', operation: 'chat.update', times: 3, fault: rateLimited },
  },
  {
    name: 'Slack is down',
    detail: 'every method answers 503',
    rule: { box: 'slack', operation: '*.*', fault: { kind: 'status', status: 503 } },
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
    name: 'Sockets drop',
    detail: 'half of the envelopes find their socket closed',
    rule: { box: 'slack', operation: 'envelope:*', probability: 0.5, fault: { kind: 'drop-socket' } },
  },
  {
    name: 'GitHub is down',
    detail: 'every call answers 502',
    rule: { box: 'github', operation: '*', fault: { kind: 'status', status: 502 } },
  },
  {
    name: 'GitHub says: too fast',
    detail: 'the next 3 calls meet the secondary rate limit',
    rule: { box: 'github', operation: '*', times: 3, fault: rateLimited },
  },
  {
    name: 'A dispatch gets no answer',
    detail: 'the next run starts, but its caller is not told',
    rule: { box: 'github', operation: 'POST */dispatches', times: 1, fault: { kind: 'lost-response' } },
  },
  {
    name: 'GitHub hangs',
    detail: 'the next 2 calls never answer',
    rule: { box: 'github', operation: '*', times: 2, fault: { kind: 'timeout' } },
  },
  {
    name: 'Cluster is away',
    detail: 'every connection is torn',
    rule: { box: 'cluster', operation: '*', fault: { kind: 'reset' } },
  },
  {
    name: 'Cluster is slow',
    detail: 'every call answers 3 s late',
    rule: { box: 'cluster', operation: '*', fault: { kind: 'slow', delayMs: 3_000 } },
  },
  {
    name: 'Cluster refuses',
    detail: 'every call answers 503',
    rule: { box: 'cluster', operation: '*', fault: { kind: 'status', status: 503 } },
  },
  {
    name: 'Prometheus is away',
    detail: 'every connection is torn: a status is told without its numbers',
    rule: { box: 'prometheus', operation: '*', fault: { kind: 'reset' } },
  },
];
