/** The routes of the control API, as `protocol.ts` tells them. */
import { Hono } from 'hono';
import { type SSEStreamingApi, streamSSE } from 'hono/streaming';
import { z } from 'zod';
import { faultRuleSchema } from '../faults.ts';
import { controlRoutes as routes } from '../protocol.ts';
import type { BoxContext } from '../serve.ts';
import { changeWorld } from './change-world.ts';
import type { SlackContext } from './context.ts';
import {
  asChange,
  asCommand,
  asWait,
  clockRequest,
  commandRequest,
  waitRequest,
  worldChange,
} from './control-schema.ts';
import type { SocketTransport } from './delivery/sockets.ts';
import { followScreen } from './feed.ts';
import { perform } from './person/perform.ts';
import { channelOf, personNamed } from './person/person.ts';
import { Refusal } from './person/refusal.ts';
import { clockView, messagePage, personView, worldView } from './screen.ts';
import { waitFor } from './wait.ts';

export interface ControlOptions extends BoxContext {
  readonly context: SlackContext;
  readonly sockets: SocketTransport | undefined;
  /** Puts everything back to the seed. */
  readonly reset: () => Promise<void>;
}

/** A line that keeps an idle feed open, and finds out that its reader has gone. Real time. */
const heartbeatMs = 15_000;
const pageMax = 200;

export function controlApp(options: ControlOptions): Hono {
  const { context, faults, journal, clock } = options;
  const app = new Hono();

  app.onError((error, c) => {
    if (error instanceof Refusal)
      return c.json({ ok: false, error: error.code, message: error.message }, 404);
    if (error instanceof z.ZodError || error instanceof SyntaxError) {
      const message = error instanceof z.ZodError ? z.prettifyError(error) : 'The body is not JSON.';
      return c.json({ ok: false, error: 'invalid_request', message }, 400);
    }
    throw error;
  });

  app.get(routes.world, (c) => c.json(worldView(context)));
  app.get(routes.view, (c) => c.json(personView(context, c.req.query('person') ?? '')));
  app.get(routes.messages, (c) => {
    const user = personNamed(context, c.req.query('person') ?? '');
    const channel = channelOf(context, user, c.req.query('channel') ?? '');
    const before = c.req.query('before');
    const threadTs = c.req.query('thread');
    const limit = Math.min(Math.max(Number(c.req.query('limit')) || 50, 1), pageMax);
    return c.json(
      messagePage(context.world, channel, user.id, {
        limit,
        ...(before ? { before } : {}),
        ...(threadTs ? { threadTs } : {}),
      }),
    );
  });

  app.post(routes.command, async (c) => {
    const { person, command } = asCommand(commandRequest.parse(await c.req.json()));
    return c.json(await perform(context, person, command));
  });
  app.post(routes.wait, async (c) =>
    c.json(await waitFor(context, asWait(waitRequest.parse(await c.req.json())))),
  );
  app.post(routes.change, async (c) =>
    c.json(changeWorld(context, options.sockets, asChange(worldChange.parse(await c.req.json())))),
  );
  app.post(routes.reset, async (c) => {
    await options.reset();
    return c.json({ ok: true });
  });

  app.get(routes.clock, (c) => c.json(clockView(context)));
  app.post(routes.clock, async (c) => {
    await clock.advance(clockRequest.parse(await c.req.json()).advanceMs);
    context.world.emit({ kind: 'clock' });
    return c.json(clockView(context));
  });

  app.get(routes.faults, (c) => c.json({ rules: faults.list() }));
  app.post(routes.faults, async (c) => c.json({ id: faults.add(faultRuleSchema.parse(await c.req.json())) }));
  app.delete(routes.faults, (c) => {
    const id = c.req.query('id');
    if (id === undefined) faults.clear();
    return c.json({ ok: id === undefined || faults.remove(id) });
  });

  app.get(routes.journal, (c) => c.json({ entries: journal.since(Number(c.req.query('since')) || 0) }));
  app.get(routes.journalFeed, (c) =>
    streamSSE(c, (stream) =>
      follow(stream, (send) => {
        for (const entry of journal.since(Number(c.req.query('since')) || 0)) send(entry);
        return journal.subscribe(send);
      }),
    ),
  );
  app.get(routes.feed, (c) => {
    const { id } = personNamed(context, c.req.query('person') ?? '');
    return streamSSE(c, (stream) => follow(stream, (send) => followScreen(context, id, send)));
  });
  return app;
}

/** Streams what `begin` sends until the reader goes away. */
async function follow(
  stream: SSEStreamingApi,
  begin: (send: (data: unknown) => void) => () => void,
): Promise<void> {
  const gone = Promise.withResolvers<void>();
  stream.onAbort(gone.resolve);
  const stop = begin((data) => void stream.writeSSE({ data: JSON.stringify(data) }));
  const heartbeat = setInterval(() => void stream.write(': still here\n\n'), heartbeatMs);
  heartbeat.unref();
  await gone.promise;
  clearInterval(heartbeat);
  stop();
}
