/**
 * A Slack in a box: its Web API, Socket Mode or signed HTTP for one app, and the control API of the people in it.
 * Everything it knows of the app is in the manifest; everything it knows of the workspace is in the seed.
 */
import { Hono } from 'hono';
import { createWorldClock, type WorldClock } from '../clock.ts';
import { createFaults, type Faults } from '../faults.ts';
import { createJournal, type Journal } from '../journal.ts';
import { serveBox } from '../serve.ts';
import type { SlackContext } from './context.ts';
import { controlApp } from './control.ts';
import { createCourier } from './delivery/courier.ts';
import { createHttpTransport } from './delivery/http.ts';
import { createSocketTransport } from './delivery/sockets.ts';
import { SlackError } from './errors.ts';
import { createHooks } from './hooks.ts';
import { readManifest } from './manifest.ts';
import { type SlackSeed, slackSeedSchema } from './seed.ts';
import { createTriggers } from './triggers.ts';
import { createDispatch, errorResponse } from './web-api/dispatch.ts';
import { isPng, receiveUpload } from './web-api/files.ts';
import { createRateLimiter } from './web-api/rates.ts';
import { createWorld } from './world.ts';

export interface SlackBoxOptions {
  /** 0 takes a free port. */
  readonly port: number;
  /** The parsed seed file; checked here. */
  readonly seed: unknown;
  /** The parsed app manifest; checked here. Socket Mode or HTTP: as `settings.socket_mode_enabled` says. */
  readonly manifest: unknown;
  readonly clock?: WorldClock;
  readonly faults?: Faults;
  readonly journal?: Journal;
  /** Where the app finds it when something stands between, `http://127.0.0.1:4999`: a proxy that a test can cut. */
  readonly seenAt?: string;
  /** HTTP mode: where the app listens, `http://127.0.0.1:3000`; replaces the origin of the manifest's URLs. */
  readonly httpTarget?: string;
  /** `false` switches the rate tiers off, a list those of its methods. */
  readonly rateLimits?: boolean | { readonly except: readonly string[] };
  /** Serves whatever is not Slack's or the control API's: the page. `undefined` for what it does not know. */
  readonly page?: (request: Request) => Promise<Response | undefined> | Response | undefined;
  /** Called by a reset from the control API, before the box resets itself: for the other boxes. */
  readonly onReset?: () => void | Promise<void>;
}

export interface SlackBox {
  /** `http://127.0.0.1:4300`: the page and the control API. */
  readonly url: string;
  /** `<url>/api/`: what a Slack client takes as `slackApiUrl`. */
  readonly apiUrl: string;
  readonly port: number;
  readonly seed: SlackSeed;
  readonly clock: WorldClock;
  readonly faults: Faults;
  readonly journal: Journal;
  /** Everything is as in the seed again. */
  reset(): void;
  stop(): Promise<void>;
}

/** @throws ZodError for a bad seed or manifest, PortInUseError. */
export async function startSlackBox(options: SlackBoxOptions): Promise<SlackBox> {
  const app = readManifest(options.manifest);
  const seed = withBotName(slackSeedSchema.parse(options.seed), app.botName);
  const clock = options.clock ?? createWorldClock({ mode: 'running' });
  const faults = options.faults ?? createFaults();
  const journal = options.journal ?? createJournal();
  const world = createWorld(seed, clock);
  let url = '';

  const onChange = () => world.emit({ kind: 'connection' });
  const sockets =
    app.mode === 'socket' ? createSocketTransport({ clock, appId: seed.app.id, onChange }) : undefined;
  const transport =
    sockets ??
    createHttpTransport({
      clock,
      app,
      signingSecret: seed.app.signingSecret,
      target: options.httpTarget,
      onChange,
    });
  const context: SlackContext = {
    world,
    app,
    clock,
    courier: createCourier({ clock, faults, journal }, transport),
    triggers: createTriggers(clock),
    hooks: createHooks(world, clock),
    url: () => options.seenAt ?? url,
  };
  const { rateLimits = true } = options;
  const rates = rateLimits
    ? createRateLimiter(clock, rateLimits === true ? [] : rateLimits.except)
    : undefined;
  const dispatch = createDispatch({ context, rates, issueTicket: sockets?.issueTicket });
  const reset = () => {
    rates?.reset();
    world.reset();
  };

  const routes = new Hono();
  routes.all('/api/:method', (c) => dispatch(c.req.param('method'), c.req.raw));
  routes.post('/hooks/*', async (c) => {
    try {
      const body: unknown = await c.req.json().catch(() => {
        throw new SlackError('invalid_payload', {}, { status: 400 });
      });
      context.hooks.use(c.req.path, body);
      return c.text('ok');
    } catch (error) {
      return errorResponse(error);
    }
  });
  routes.post('/upload/v1/:id', async (c) => {
    try {
      const { content, type } = await uploadedBytes(c.req.raw);
      receiveUpload(context, c.req.param('id'), content, type);
      return c.text(`OK - ${content.length}`);
    } catch (error) {
      return errorResponse(error);
    }
  });
  routes.get('/files/:id/:name', (c) => {
    const file = world.files.get(c.req.param('id'));
    if (!file?.content) return c.notFound();
    // Never shown as a page of this origin: an uploaded file must not become a script of the sandbox's own. What begins
    // as a PNG does is a picture to every browser, and nothing else.
    return c.body(new Uint8Array(file.content), 200, {
      'content-type': isPng(file.content) ? 'image/png' : 'application/octet-stream',
      'content-disposition': 'attachment',
      'x-content-type-options': 'nosniff',
    });
  });
  routes.route(
    '/',
    controlApp({
      context,
      clock,
      faults,
      journal,
      sockets,
      async reset() {
        await options.onReset?.();
        reset();
      },
    }),
  );
  routes.notFound(async (c) => (await options.page?.(c.req.raw)) ?? c.text('Not found', 404));

  const serving = await serveBox({
    box: 'slack',
    port: options.port,
    clock,
    faults,
    journal,
    fetch: routes.fetch,
    operationOf: (_, { pathname }) => slackOperation(pathname),
    faultBody,
    isPagePath: (path) => slackOperation(path) === undefined,
  });
  url = serving.url;
  sockets?.attach(serving.server);

  return {
    url,
    apiUrl: `${url}/api/`,
    port: serving.port,
    seed,
    clock,
    faults,
    journal,
    reset,
    async stop() {
      await transport.stop();
      await serving.stop();
    },
  };
}

/** The workspace is the seed's, but the bot is called as its own manifest says. */
function withBotName(seed: SlackSeed, name = seed.app.name): SlackSeed {
  return { ...seed, app: { ...seed.app, name } };
}

/** The Slack method, `response_url`, or `upload`; the page's and the control API's own calls have none. */
function slackOperation(path: string): string | undefined {
  if (path.startsWith('/api/')) return path.slice('/api/'.length);
  if (path.startsWith('/hooks/')) return 'response_url';
  if (path.startsWith('/upload/')) return 'upload';
  return undefined;
}

/** What Slack's servers say when they cannot do better: https://docs.slack.dev/apis/web-api/ and its rate limits. */
function faultBody(status: number): { ok: false; error: string } {
  if (status === 429) return { ok: false, error: 'ratelimited' };
  return { ok: false, error: status === 503 ? 'service_unavailable' : 'internal_error' };
}

async function uploadedBytes(request: Request): Promise<{ content: Uint8Array; type: string }> {
  const type = request.headers.get('content-type') ?? '';
  if (!type.includes('multipart/form-data'))
    return { content: new Uint8Array(await request.arrayBuffer()), type };
  const [file] = [...(await request.formData()).values()].filter((part) => typeof part !== 'string');
  return {
    content: new Uint8Array((await file?.arrayBuffer()) ?? new ArrayBuffer(0)),
    type: file?.type ?? '',
  };
}
