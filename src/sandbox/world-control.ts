/** The control calls of the GitHub and the cluster box at the one address, where the page may reach them. */
import { controlRoutes } from './protocol.ts';

/** Answers what stands below `/control/github/` and `/control/cluster/`; `undefined` for everything else. */
export function createWorldControl(boxes: {
  readonly github: { readonly url: string };
  readonly cluster: { readonly url: string };
}): (request: Request) => Promise<Response> | undefined {
  return (request) => {
    const { pathname } = new URL(request.url);
    for (const box of ['github', 'cluster'] as const) {
      const call = pathname.startsWith(controlRoutes[box]) && pathname.slice(controlRoutes[box].length);
      // A name and nothing else: nothing below another path of the box can be reached this way.
      if (call && /^[A-Za-z-]+$/.test(call)) return forward(`${boxes[box].url}/_sandbox/${call}`, request);
    }
    return undefined;
  };
}

async function forward(url: string, request: Request): Promise<Response> {
  const answer = await fetch(url, {
    method: request.method,
    ...(request.method === 'POST' ? { body: await request.text() } : {}),
    headers: { 'content-type': 'application/json', 'user-agent': 'sandbox-control' },
  });
  if (answer.status === 204) return Response.json({ ok: true });
  const body: unknown = await answer.json().catch(() => ({}));
  if (answer.ok) return Response.json(body);
  const { message, error } = body as { message?: string; error?: string };
  return Response.json(
    { ok: false, error: 'refused', message: message ?? error ?? `The box answered ${answer.status}.` },
    { status: answer.status },
  );
}
