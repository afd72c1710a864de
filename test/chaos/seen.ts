/** What the boxes saw of the bot, kept whole: their own journal forgets the oldest. Nothing in here asks the bot. */
import { z } from 'zod';
import type { JournalEntry } from '../../src/sandbox/journal.ts';
import type { Sandbox } from '../../src/sandbox/sandbox.ts';

/** One message that the bot has posted, as it stands now. */
export interface SeenMessage {
  readonly channel: string;
  readonly ts: string;
  readonly threadTs?: string;
  /** Which request's card it is, or which notice. */
  readonly mark?: { readonly kind: 'card' | 'notice'; readonly id: string };
  blocks: readonly SeenBlock[];
  text: string;
}

export interface SeenBlock {
  readonly block_id?: string | undefined;
  readonly type: string;
  readonly elements?: unknown;
}

/** One thing that Slack brought to the bot. */
export interface Delivered {
  readonly user: string;
  /** Of a slash command: the line. */
  readonly line: string;
  readonly triggerId: string;
  readonly outcome: string;
  /** What the acknowledgement itself said to the person. */
  readonly answer: unknown;
}

/** A call that changed something outside, or may have: not only read. */
export interface Effect {
  readonly box: string;
  readonly operation: string;
  readonly body: unknown;
}

export interface Seen {
  readonly messages: ReadonlyMap<string, SeenMessage>;
  readonly delivered: readonly Delivered[];
  readonly effects: readonly Effect[];
  /** What people were told alone, by any of the ways. */
  readonly told: readonly string[];
  /** By name: how often each namespace was made, and how often it went. */
  readonly namespaces: ReadonlyMap<string, { readonly uids: Set<string>; isThere: boolean; request: string }>;
  /** Of each workload: what its Pods were told to restart at, each once. */
  readonly restarts: ReadonlyMap<string, ReadonlySet<string>>;
  /** Calls of `entry` as they come, after their effect. */
  onEntry(listener: (entry: JournalEntry) => void): () => void;
}

export function watchBoxes(sandbox: Sandbox): Seen {
  const messages = new Map<string, SeenMessage>();
  const delivered: Delivered[] = [];
  const effects: Effect[] = [];
  const told: string[] = [];
  const namespaces = new Map<string, { uids: Set<string>; isThere: boolean; request: string }>();
  const restarts = new Map<string, Set<string>>();

  sandbox.journal.subscribe((entry) => {
    if (entry.kind === 'envelope') {
      delivered.push(deliveredFrom(entry));
      // An acknowledgement may say something itself.
      const said = askedSchema.safeParse(entry.response).data;
      if (said && said.text !== '') told.push(wordsOf(said));
    } else if (entry.box === 'slack') seeSlack(entry);
    else if (
      !entry.operation.startsWith('GET ') &&
      entry.outcome.startsWith('2') &&
      !entry.operation.includes('dryRun')
    ) {
      effects.push({ box: entry.box, operation: entry.operation, body: entry.request });
    }
  });

  function seeSlack({ operation, request, response }: JournalEntry): void {
    const asked = askedSchema.safeParse(request).data;
    if (!asked) return;
    const text = wordsOf(asked);
    if (operation === 'response_url' || operation === 'chat.postEphemeral') told.push(text);
    const answered = answeredSchema.safeParse(response).data;
    if (!answered?.ok) return;
    const { channel = asked.channel, ts = asked.ts } = answered;
    if (operation === 'chat.update') {
      const known = messages.get(`${channel}:${ts}`);
      if (known) Object.assign(known, { blocks: asked.blocks, text: asked.text });
    }
    if (operation !== 'chat.postMessage') return;
    if (channel.startsWith('D')) told.push(text);
    const mark = markOf(asked.metadata);
    messages.set(`${channel}:${ts}`, {
      ...{ channel, ts, blocks: asked.blocks, text: asked.text },
      ...(asked.thread_ts === undefined ? {} : { threadTs: asked.thread_ts }),
      ...(mark ? { mark } : {}),
    });
  }

  sandbox.cluster.observe({
    begin: () => namespaces.clear(),
    see(storage, object, isGone) {
      const { name, namespace = '', uid, labels } = object.metadata;
      if (storage === '/namespaces') {
        const known = namespaces.get(name) ?? { uids: new Set<string>(), isThere: true, request: '' };
        known.uids.add(uid);
        known.isThere = !isGone;
        known.request = labels?.['greenlight.dev/request'] ?? known.request;
        namespaces.set(name, known);
      }
      const restartedAt =
        restartSchema.safeParse(object).data?.spec.template.metadata.annotations[restartKey];
      if (storage === 'apps/deployments' && restartedAt !== undefined) {
        const workload = `${namespace}/${name}`;
        restarts.set(workload, (restarts.get(workload) ?? new Set()).add(restartedAt));
      }
    },
  });

  return {
    ...{ messages, delivered, effects, told, namespaces, restarts },
    onEntry: (listener) => sandbox.journal.subscribe(listener),
  };
}

const restartKey = 'kubectl.kubernetes.io/restartedAt';
const restartSchema = z.object({
  spec: z.object({
    template: z.object({ metadata: z.object({ annotations: z.record(z.string(), z.string()) }) }),
  }),
});

/** Slack's clients send a form whose structured values are JSON; a response_url takes JSON as it is. */
const inJson = z.preprocess((value) => (typeof value === 'string' ? fromJson(value) : value), z.unknown());
const askedSchema = z.object({
  channel: z.string().default(''),
  ts: z.string().default(''),
  thread_ts: z.string().optional(),
  text: z.string().default(''),
  metadata: inJson.optional(),
  blocks: inJson
    .pipe(z.array(z.looseObject({ type: z.string(), block_id: z.string().optional() })).catch([]))
    .default([]),
});
const answeredSchema = z.object({
  ok: z.boolean(),
  channel: z.string().optional(),
  ts: z.string().optional(),
});
const markSchema = z.object({
  event_payload: z.object({ request_id: z.string().optional(), notice: z.string().optional() }),
});

/** What people read of it, and what stands in its blocks. */
function wordsOf({ text, blocks }: z.infer<typeof askedSchema>): string {
  return `${text} ${JSON.stringify(blocks)}`;
}

function markOf(metadata: unknown): SeenMessage['mark'] {
  const { request_id: card, notice } = markSchema.safeParse(metadata).data?.event_payload ?? {};
  if (card !== undefined) return { kind: 'card', id: card };
  return notice === undefined ? undefined : { kind: 'notice', id: notice };
}

const payloadSchema = z.object({
  type: z.string().optional(),
  command: z.string().default(''),
  text: z.string().default(''),
  trigger_id: z.string().default(''),
  user_id: z.string().optional(),
  user: z.object({ id: z.string() }).optional().catch(undefined),
});

function deliveredFrom({ outcome, request, response }: JournalEntry): Delivered {
  const {
    command = '',
    text = '',
    trigger_id = '',
    user_id,
    user,
  } = payloadSchema.safeParse(request).data ?? {};
  return {
    ...{ outcome, answer: response },
    user: user_id ?? user?.id ?? '',
    line: `${command} ${text}`.trim(),
    triggerId: trigger_id,
  };
}

function fromJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** What is in a list more than once. */
export function repeated(list: readonly string[]): string[] {
  return [...Map.groupBy(list, (one) => one)].flatMap(([one, all]) => (all.length > 1 ? [one] : []));
}
