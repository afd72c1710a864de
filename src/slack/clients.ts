/**
 * Two Web API clients, because one 429 pauses everything that goes through the same client: a slow redraw of cards
 * must never make a modal miss its trigger, which lives 3 seconds.
 */
import { type Logger, LogLevel, WebClient, type WebClientOptions } from '@slack/web-api';
import type { Log } from '../core/ports.ts';
import { maxOf } from './limits.ts';

/**
 * Answers to a person who waits: opening modals, private lines, who somebody is. Fails fast, never tries again:
 * half a second before a form is acknowledged in any case (handlers/ingress.ts), so that it can still say that it failed.
 */
export const interactiveTimeoutMs = maxOf('ackMs') - 1_000;
/** Cards and notices: the outbox tries again by itself, so the client must not. */
export const backgroundTimeoutMs = 10_000;

/** For those who only use one: Slack's libraries stay behind this folder. */
export type SlackClient = WebClient;

export interface SlackClients {
  readonly interactive: WebClient;
  readonly background: WebClient;
}

export interface ClientSettings {
  readonly token: string;
  /** Another address of Slack's API, for tests and the sandbox; ends with `/api/`. */
  readonly apiUrl?: string;
  readonly log: Log;
}

export function createClients(settings: ClientSettings): SlackClients {
  return {
    interactive: new WebClient(settings.token, clientOptions(settings, interactiveTimeoutMs)),
    background: new WebClient(settings.token, clientOptions(settings, backgroundTimeoutMs)),
  };
}

/**
 * A fresh object every time: SocketModeClient writes its own retry policy into the options it is given (100 tries),
 * and WebClient writes its token into `headers` when there are any, so none are ever shared and none carry headers.
 * Bolt's default of 10 tries over 30 minutes would also post a message twice when an answer got lost.
 */
export function clientOptions(
  settings: Pick<ClientSettings, 'apiUrl' | 'log'>,
  timeoutMs: number,
): WebClientOptions {
  return {
    timeout: timeoutMs,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    logger: slackLogger(settings.log),
    ...(settings.apiUrl === undefined ? {} : { slackApiUrl: settings.apiUrl }),
  };
}

/** Slack's own libraries speak only when something is wrong: below a warning they print whole payloads. */
export function slackLogger(log: Log): Logger {
  const words = (parts: unknown[]) =>
    parts.map((part) => (part instanceof Error ? `${part.name}: ${part.message}` : String(part))).join(' ');
  return {
    debug: () => {},
    info: () => {},
    warn: (...parts) => log.warn({ from: 'slack' }, words(parts)),
    error: (...parts) => log.error({ from: 'slack' }, words(parts)),
    setLevel: () => {},
    getLevel: () => LogLevel.WARN,
    setName: () => {},
  };
}
