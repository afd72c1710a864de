/** Signed commands and clicks as Slack sends them, over connections that stay open. */
import { Agent, request } from 'node:http';
import { signed } from './signed.ts';

export interface Acked {
  readonly status: number;
  readonly body: string;
  readonly tookMs: number;
}

export interface Asking {
  /** @throws when the connection ends before there was an answer. */
  command(user: string, command: string, text: string): Promise<Acked>;
  /** An interactive payload. */
  click(payload: Readonly<Record<string, unknown>>): Promise<Acked>;
  event(event: Readonly<Record<string, unknown>>): Promise<Acked>;
  close(): void;
}

let deeds = 0;

/** @param connections at most so many at once. */
export function askAt(url: string, connections: number): Asking {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const run = `${process.pid}.${Date.now()}`;
  const form = (fields: Record<string, string>) =>
    post(agent, url, new URLSearchParams(fields).toString(), 'application/x-www-form-urlencoded');
  return {
    command: (user, command, text) =>
      form({
        ...{ team_id: 'T0ACME', api_app_id: 'A0GREENLIGHT', channel_id: 'C0REQUESTS', user_id: user },
        ...{ command, text, trigger_id: `load.${run}.${++deeds}` },
      }),
    click: (payload) =>
      form({ payload: JSON.stringify({ ...payload, trigger_id: `load.${run}.${++deeds}` }) }),
    event: (event) =>
      post(
        agent,
        url,
        JSON.stringify({
          ...{ type: 'event_callback', team_id: 'T0ACME', api_app_id: 'A0GREENLIGHT' },
          ...{ event_id: `Ev.${run}.${++deeds}`, event },
        }),
        'application/json',
      ),
    close: () => agent.destroy(),
  };
}

function post(agent: Agent, url: string, body: string, type: string): Promise<Acked> {
  const sentAt = performance.now();
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': type, 'content-length': Buffer.byteLength(body), ...signed(body) };
    const sent = request(url, { agent, method: 'POST', headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          body: Buffer.concat(chunks).toString('utf8'),
          tookMs: performance.now() - sentAt,
        }),
      );
    });
    sent.on('error', reject);
    sent.end(body);
  });
}
