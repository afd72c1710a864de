/** What one question may cost us and the server, in one table: number, unit, reason. */
import { secondMs } from '../../core/duration.ts';

export const limits = {
  /** Somebody waits in chat; Prometheus itself gives up after 2 minutes (its flag query.timeout). */
  answerMs: 8 * secondMs,
  /** Bytes: 50 series of 500 points are less than 1 MB. */
  answerBytes: 4 * 1024 * 1024,
  /** Points of one series: Prometheus refuses more than 11,000, and no picture shows as many as these. */
  points: 500,
  /** Series of one answer: more cannot be told apart. */
  series: 50,
  /** Days between the two ends of a question. */
  days: 92,
  /** Characters: in an address, what servers and proxies take without asking. */
  query: 4_000,
} as const;
