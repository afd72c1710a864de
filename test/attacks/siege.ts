/**
 * What every attack needs: the whole bot in the sandbox with its real log, and payloads forged from ones that the
 * sandbox really sent. Forging needs http mode, and the signing secret: these are attacks from behind Slack's own door.
 */
import { createHmac, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect } from 'vitest';
import { personIdSchema, readRequestId } from '../../src/core/ids.ts';
import type { Person } from '../../src/core/person.ts';
import type { PlatformRequest } from '../../src/core/request.ts';
import { openStage, type Stage } from '../../src/demo/stage.ts';
import { createLog } from '../../src/log.ts';
import { type PersonClient, SandboxError } from '../../src/sandbox/client.ts';
import type { MessageView } from '../../src/sandbox/protocol.ts';
import { slackPath } from '../../src/slack/manifest.ts';
import { dataFolder } from '../stories/support.ts';

/** A payload as the sandbox sent it, to be changed. */
// biome-ignore lint/suspicious/noExplicitAny: a forger reaches into whatever shape there is.
export type Payload = Record<string, any>;

export interface Siege {
  readonly stage: Stage;
  as(person: string): PersonClient;
  /** Every line that the bot has logged, as it would be written. */
  readonly lines: string[];
  /** What the bot has refused since the last call, in the words that the person reads. */
  refusals(): string[];
  /** The newest payload of that type that the sandbox sent: `slash_commands`, `block_actions`, `view_submission`. */
  captured(type: string): Payload;
  /** Posts it as Slack would; answers when the bot has done all that it does about it. */
  send(payload: Payload, signing?: Signing): Promise<{ status: number; body: unknown }>;
  /** Clicks, or types, and waits until the bot has done all that it does about it. */
  after(deed: Promise<unknown>): Promise<void>;
  request(id: string): Promise<PlatformRequest>;
  /** Asks for an environment that waits for a platform lead; its id and its card. */
  asksForMuch(name: string, by?: string): Promise<{ id: string; card: MessageView }>;
  /** Everything that `people` can read anywhere, as JSON: texts, blocks, values, metadata. */
  everythingSeenBy(people: readonly string[]): Promise<string>;
}

export interface Signing {
  readonly secret?: string;
  /** Seconds since the epoch. */
  readonly at?: number;
  readonly signature?: string;
}

/** One bot for a whole file, in http mode unless said otherwise. */
export function siege(mode: 'http' | 'socket' = 'http'): Siege {
  let stage: Stage;
  const lines: string[] = [];
  let told = 0;
  beforeAll(async () => {
    const log = createLog({ level: 'info', form: 'json', to: { write: (line) => void lines.push(line) } });
    stage = await openStage({ mode, dataFolder, log });
  });
  afterAll(async () => {
    await everyRefusalIsKept();
    await stage.close();
  });

  /** Each that was said to somebody is in the trail, by its code and as often. */
  async function everyRefusalIsKept() {
    await stage.settle();
    const said = lines
      .map((line) => JSON.parse(line) as { msg: string; code?: string; reference?: string })
      .filter(({ msg, code }) => msg.startsWith('refused: ') && !momentary.has(code ?? ''));
    const kept = await stage.app.refusals(10_000);
    expect(kept.reduce((sum, one) => sum + one.times, 0)).toBe(said.length);
    const references = new Set(said.map(({ reference }) => reference));
    expect(kept.filter((one) => !references.has(one.reference))).toEqual([]);
    expect(new Set(kept.map(({ code }) => code))).toEqual(new Set(said.map(({ code }) => code)));
  }

  const self: Siege = {
    get stage() {
      return stage;
    },
    as: (person) => stage.people.as(person),
    lines,
    refusals() {
      const since = lines.slice(told).map((line) => JSON.parse(line) as { msg: string; code?: string });
      told = lines.length;
      return since.filter((line) => line.code !== undefined).map((line) => line.msg.replace('refused: ', ''));
    },
    captured(type) {
      const sent = stage.world.journal.since(0).findLast((entry) => entry.operation === `envelope:${type}`);
      if (!sent?.request) throw new Error(`the sandbox has sent no ${type} yet`);
      return structuredClone(sent.request) as Payload;
    },
    async send(payload, signing = {}) {
      const body =
        payload.command === undefined
          ? new URLSearchParams({ payload: JSON.stringify(payload) }).toString()
          : new URLSearchParams(payload as Record<string, string>).toString();
      const answer = await fetch(`http://127.0.0.1:${stage.app.port}${slackPath}`, {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded', ...signed(body, signing) },
        body,
      });
      const text = await answer.text();
      await stage.settle();
      return { status: answer.status, body: text.startsWith('{') ? JSON.parse(text) : text };
    },
    async after(deed) {
      try {
        await deed;
      } catch (error) {
        // A form that says what is wrong at its field refuses, too.
        if (!(error instanceof SandboxError) || error.code !== 'invalid_input') throw error;
      }
      await stage.settle();
    },
    async request(id) {
      const known = readRequestId(id);
      const seen = known && (await stage.app.desk.view(known, auditor));
      if (!seen?.ok) throw new Error(`there is no ${id}`);
      return seen.value.request;
    },
    async asksForMuch(name, by = 'U0DANA') {
      await self.as(by).command('#platform-requests', `/env create ${name} --cpu 8 --ttl 1d`);
      const card = await stage.until(
        self.as('U0LEE').sees(`Creates the environment ${name}`, { in: '#platform-requests' }),
      );
      const id = /REQ-\d+/.exec(JSON.stringify(card.blocks))?.[0];
      if (id === undefined) throw new Error('the card names no request');
      expect((await self.request(id)).status).toBe('waiting');
      return { id, card };
    },
    async everythingSeenBy(people) {
      const views = await Promise.all(people.map((one) => self.as(one).view()));
      return JSON.stringify(
        views.map(({ channels, modals, home, notices }) => [channels, modals, home, notices]),
      );
    },
  };
  return self;
}

const signingSecret = 'sandbox-signing-secret';

/** What only failed for the moment is in the log alone. */
const momentary = new Set(['outside_unavailable', 'internal', 'busy']);

const auditor: Person = { id: personIdSchema.parse('auditor'), name: 'Auditor', kind: 'member' };

/** A new trigger, as each new deed has: without one a forged payload would only be a repetition. */
export function fresh(payload: Payload): Payload {
  return { ...payload, trigger_id: `${Date.now()}.1.${randomBytes(16).toString('hex')}` };
}

/** The click as somebody else's, on another button, with another value. Its answer goes the long way round. */
export function click(real: Payload, forged: { user?: string; action?: string; value?: string }): Payload {
  const [action] = real.actions;
  const { response_url: _, ...rest } = real;
  return fresh({
    ...rest,
    user: { ...real.user, ...(forged.user === undefined ? {} : { id: forged.user }) },
    actions: [
      {
        ...action,
        ...(forged.action === undefined ? {} : { action_id: forged.action }),
        ...(forged.value === undefined ? {} : { value: forged.value }),
      },
    ],
  });
}

/** The submission as somebody else's, with other metadata, or other values by block id. */
export function submission(
  real: Payload,
  forged: { user?: string; metadata?: unknown; values?: Record<string, unknown> },
): Payload {
  const { view } = real;
  const metadata =
    typeof forged.metadata === 'string' ? forged.metadata : JSON.stringify(forged.metadata ?? {});
  return fresh({
    ...real,
    user: { ...real.user, ...(forged.user === undefined ? {} : { id: forged.user }) },
    view: {
      ...view,
      ...(forged.metadata === undefined ? {} : { private_metadata: metadata }),
      state: { values: { ...view.state.values, ...forged.values } },
    },
  });
}

/** Slack's: `v0=` and the HMAC-SHA256 of `v0:<timestamp>:<raw body>`. */
export function signatureOf(body: string, timestamp: string, secret = signingSecret): string {
  return `v0=${createHmac('sha256', secret).update(`v0:${timestamp}:${body}`).digest('hex')}`;
}

function signed(body: string, { secret, at, signature }: Signing): Record<string, string> {
  const timestamp = String(at ?? Math.floor(Date.now() / 1000));
  return {
    'x-slack-request-timestamp': timestamp,
    'x-slack-signature': signature ?? signatureOf(body, timestamp, secret),
  };
}
