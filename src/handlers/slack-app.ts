/** Bolt with both receivers behind one switch, and the ingress in front of either. */
import type { ServerResponse } from 'node:http';
import { App, HTTPReceiver, type Receiver, type ReceiverEvent, SocketModeReceiver } from '@slack/bolt';
import { secondMs } from '../core/duration.ts';
import type { Log } from '../core/ports.ts';
import { problem } from '../core/problem.ts';
import type { LapsedClick } from '../core/store.ts';
import { backgroundTimeoutMs, clientOptions, slackLogger } from '../slack/clients.ts';
import type { SlackIdentity } from '../slack/identity.ts';
import { maxOf } from '../slack/limits.ts';
import { slackPath } from '../slack/manifest.ts';
import type { Deliveries } from './hands.ts';
import { createIngress, type Ingress, type IngressOptions } from './ingress.ts';
import { refuseNullBodies } from './null-body.ts';
import type { Replies } from './replies.ts';
import type { Trail } from './trail.ts';

export type SlackMode =
  | { readonly mode: 'socket'; readonly appToken: string }
  | {
      readonly mode: 'http';
      readonly signingSecret: string;
      /** 0 takes a free one: `start` tells which. */
      readonly port: number;
      readonly host: string;
    };

export interface SlackAppOptions {
  readonly transport: SlackMode;
  readonly botToken: string;
  /** Another address of Slack's API, for tests and the sandbox; ends with `/api/`. */
  readonly apiUrl?: string;
  readonly identity: SlackIdentity;
  readonly replies: Replies;
  readonly deliveries: Deliveries;
  readonly hasActedSince: IngressOptions['hasActedSince'];
  readonly trail: Trail;
  readonly log: Log;
}

export interface SlackApp {
  /** For `registerHandlers`. */
  readonly app: App;
  readonly ingress: Ingress;
  /** Resolves when payloads can arrive; in http mode with the port. */
  start(): Promise<{ readonly port: number | undefined }>;
  /** Handles kept clicks whose process has ended over them, once this one is ready. Never rejects. */
  resume(clicks: readonly LapsedClick[]): Promise<void>;
  /** Whether at least one connection is up (socket), or the server listens (http). */
  isReady(): boolean;
  /** Takes nothing new, then waits for what is in flight. `false` when that took longer than `withinMs`. */
  stop(withinMs: number): Promise<boolean>;
}

/**
 * Slack closes each socket every few hours, and the client takes 5 s to come back (socket-mode 3.1.0, measured): with
 * two of them one is always there. Slack allows 10 for an app, all replicas together.
 */
export const socketCount = 2;

/**
 * For `apps.connections.open` alone, the only call of the socket client: when that gives up, the client does so for ever and
 * without a word (socket-mode 3.1.0, `retrieveWSSURL`), and the bot lives on deaf. Ended, nothing waits for it.
 */
const untilSlackIsBack = {
  ...{ forever: true, unref: true, randomize: true },
  ...{ minTimeout: secondMs, maxTimeout: 30 * secondMs },
} as const;

/** How long what has just arrived may still be acknowledged before the sockets close: all is, within Slack's 3 s. */
const lastAcksMs = maxOf('ackMs');

export function createSlackApp(options: SlackAppOptions): SlackApp {
  const { log, identity } = options;
  const ingress = createIngress({
    deliveries: options.deliveries,
    hasActedSince: options.hasActedSince,
    secret: options.botToken,
    teamIds: identity.teamIds,
    ...(identity.appId === undefined ? {} : { appId: identity.appId }),
    replies: options.replies,
    trail: options.trail,
    log,
  });
  const door =
    options.transport.mode === 'socket'
      ? socketDoor(options, options.transport)
      : httpDoor(options, options.transport);
  const app = new App({
    receiver: behindIngress(door.receivers, ingress),
    token: options.botToken,
    botId: identity.botId,
    botUserId: identity.botUserId,
    // The token was tried when the identity was read; Bolt's own trial would surface as an unhandled rejection.
    tokenVerificationEnabled: false,
    deferInitialization: true,
    // Its memory of conversations would grow for ever.
    convoStore: false,
    logger: slackLogger(log),
    clientOptions: clientOptions(options, backgroundTimeoutMs),
  });

  let isStopped = false;
  return {
    app,
    ingress,
    async start() {
      await app.init();
      return { port: await door.start() };
    },
    resume: (clicks) => ingress.resume(clicks, (delivery) => app.processEvent(delivery as ReceiverEvent)),
    isReady: () => !isStopped && door.isReady(),
    async stop(withinMs) {
      if (isStopped) return true;
      isStopped = true;
      if (options.transport.mode === 'socket') await ingress.drain(Math.min(lastAcksMs, withinMs));
      const closed = door.stop();
      const isIdle = await ingress.drain(withinMs);
      await closed;
      return isIdle;
    },
  };
}

interface Door {
  readonly receivers: readonly Receiver[];
  start(): Promise<number | undefined>;
  isReady(): boolean;
  stop(): Promise<void>;
}

function socketDoor(options: SlackAppOptions, transport: SlackMode & { mode: 'socket' }): Door {
  const connected = new Set<SocketModeReceiver>();
  const receivers = Array.from({ length: socketCount }, () => {
    const receiver = new SocketModeReceiver({
      appToken: transport.appToken,
      logger: slackLogger(options.log),
      // Options of its own: the socket client writes into them.
      installerOptions: {
        clientOptions: { ...clientOptions(options, backgroundTimeoutMs), retryConfig: untilSlackIsBack },
      },
      customPropertiesExtractor: (envelope: { envelope_id?: string }) => ({
        envelopeId: envelope.envelope_id,
      }),
    });
    receiver.client.on('connected', () => connected.add(receiver));
    for (const event of ['disconnected', 'reconnecting', 'close']) {
      receiver.client.on(event, () => connected.delete(receiver));
    }
    receiver.client.on('error', (error: unknown) => {
      options.log.warn(
        { cause: error instanceof Error ? error.message : String(error) },
        'a socket to Slack failed',
      );
    });
    return receiver;
  });
  return {
    receivers,
    async start() {
      await Promise.all(receivers.map((receiver) => receiver.start()));
      return undefined;
    },
    isReady: () => connected.size > 0,
    async stop() {
      await Promise.all(receivers.map((receiver) => receiver.stop()));
    },
  };
}

function httpDoor(options: SlackAppOptions, transport: SlackMode & { mode: 'http' }): Door {
  let isListening = false;
  const receiver = new HTTPReceiver({
    signingSecret: transport.signingSecret,
    endpoints: slackPath,
    logger: slackLogger(options.log),
  });
  refuseNullBodies(receiver, transport.signingSecret);
  return {
    receivers: [receiver],
    async start() {
      const server = await receiver.start({ port: transport.port, host: transport.host });
      // Bolt turns away what Slack did not sign before any of ours hears of it: its answer is what tells.
      server.on('request', (_request, response: ServerResponse) => {
        response.once('finish', () => {
          if (response.statusCode === 401) options.trail.refused({ door: 'http' }, notSigned);
        });
      });
      isListening = true;
      const address = server.address();
      return typeof address === 'object' && address !== null ? address.port : undefined;
    },
    isReady: () => isListening,
    async stop() {
      if (isListening) await receiver.stop();
      isListening = false;
    },
  };
}

const notSigned = problem(
  'not_signed',
  'What came in was not signed by Slack, or too long ago, so nothing was done.',
  'Compare SLACK_SIGNING_SECRET with the app at Slack, and the clocks of both machines.',
);

/** The app thinks it has one receiver; each real one thinks the ingress is the app. */
function behindIngress(receivers: readonly Receiver[], ingress: Ingress): Receiver {
  return {
    init(app) {
      const facade = {
        processEvent: (event: ReceiverEvent) => ingress.run(event, (admitted) => app.processEvent(admitted)),
      };
      // A receiver calls nothing else of the app.
      for (const receiver of receivers) receiver.init(facade as unknown as App);
    },
    start: () => Promise.all(receivers.map((receiver) => receiver.start())),
    stop: () => Promise.all(receivers.map((receiver) => receiver.stop())),
  };
}
