/**
 * The whole bot in the sandbox, over http: signed bytes go in by a kept connection, and what it did about them is read
 * from its answer, from the journal of Slack's box and from the lines of its log.
 */
import { createHmac } from 'node:crypto';
import { Agent, request } from 'node:http';
import { openStage, type Stage } from '../../src/demo/stage.ts';
import { createLog } from '../../src/log.ts';
import type { PersonClient } from '../../src/sandbox/client.ts';
import { slackPath } from '../../src/slack/manifest.ts';
import { signingSecret, wrongIn } from './log-watch.ts';

export interface Answered {
  readonly status: number;
  readonly body: string;
  /** Operations of Slack that told somebody something. */
  readonly told: readonly string[];
}

export interface Bot {
  readonly stage: Stage;
  as(person: string): PersonClient;
  /** Signs and sends it; resolves when the bot has done all that it does about it. */
  send(body: string, headers?: Readonly<Record<string, string>>): Promise<Answered>;
  /** The newest payload of a type that the sandbox sent. */
  captured(type: string): Payload;
  /** What the log says since the last call that should not be there: a fault of our own, or a secret. */
  wrongInLog(): string | undefined;
  close(): Promise<void>;
}

export type Payload = Readonly<Record<string, unknown>>;

const dataFolder = new URL('../../data', import.meta.url).pathname;
const formHeader = { 'content-type': 'application/x-www-form-urlencoded' };

export async function openBot(): Promise<Bot> {
  const lines: string[] = [];
  const log = createLog({ level: 'info', form: 'json', to: { write: (line) => void lines.push(line) } });
  const stage = await openStage({ mode: 'http', dataFolder, log, rateLimits: false });
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  let told: string[] = [];
  const stop = stage.world.journal.subscribe(({ operation, kind }) => {
    if (kind === 'call' && tellers.test(operation)) told.push(operation);
  });

  return {
    stage,
    as: (person) => stage.people.as(person),
    async send(body, headers = {}) {
      told = [];
      const all = { ...formHeader, ...signed(body), ...headers };
      const { status, text } = await post(agent, stage.app.port ?? 0, body, all);
      await stage.settle();
      return { status, body: text, told };
    },
    captured(type) {
      const sent = stage.world.journal.since(0).findLast((one) => one.operation === `envelope:${type}`);
      if (!sent?.request) throw new Error(`the sandbox has sent no ${type} yet`);
      return structuredClone(sent.request) as Payload;
    },
    wrongInLog() {
      const wrong = lines.splice(0).flatMap((line) => wrongIn(line) ?? []);
      return wrong.length === 0 ? undefined : wrong.join('; ');
    },
    async close() {
      stop();
      agent.destroy();
      await stage.close();
    },
  };
}

/** By any of them a person reads something; a `response_url` is `POST /commands/...` or `/actions/...`. */
const tellers = /^(?:chat\.(?:post|update)|views\.|files\.|POST \/(?:commands|actions|hooks))|response_url/;

/** As Slack signs: `v0=` and the HMAC-SHA256 of `v0:<timestamp>:<raw body>`. */
export function signed(body: string, at = Math.floor(Date.now() / 1000)): Record<string, string> {
  const signature = createHmac('sha256', signingSecret).update(`v0:${at}:${body}`).digest('hex');
  return { 'x-slack-request-timestamp': String(at), 'x-slack-signature': `v0=${signature}` };
}

function post(
  agent: Agent,
  port: number,
  body: string,
  headers: Readonly<Record<string, string>>,
): Promise<{ readonly status: number; readonly text: string }> {
  return new Promise((resolve, reject) => {
    const sent = request(
      {
        ...{ agent, port, host: '127.0.0.1', path: slackPath, method: 'POST' },
        headers: { ...headers, 'content-length': Buffer.byteLength(body) },
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString('utf8') }),
        );
        response.on('error', reject);
      },
    );
    sent.on('error', reject);
    sent.end(body);
  });
}
