/** A wire between the bot and one of the others, which can be cut: everything it does is TCP, it reads nothing. */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/**
 * How a network goes away. `refuse`: nobody listens. `reset`: what is open is torn, and what comes is torn at once.
 * `swallow`: everything is taken and nothing answered, as behind a firewall that drops packets.
 */
export type Cut = 'refuse' | 'reset' | 'swallow';

export interface Wire {
  readonly port: number;
  /** What is open is torn, but for `swallow`, where it stays and goes silent. */
  cut(how: Cut): Promise<void>;
  mend(): Promise<void>;
  stop(): Promise<void>;
}

export interface Place {
  readonly host: string;
  readonly port: number;
}

/** @param target asked at each connection: it may not listen yet when the wire is laid. */
export async function layWire(target: () => Place): Promise<Wire> {
  const open = new Set<Socket>();
  let how: Cut | undefined;
  const server = createServer((near) => {
    track(near);
    if (how === 'reset') return near.resetAndDestroy();
    if (how === 'swallow') return near.resume();
    const far = connect(target());
    track(far);
    for (const [from, to] of [[near, far] as const, [far, near] as const]) {
      from.on('data', (chunk) => {
        if (how !== 'swallow') to.write(chunk);
      });
      from.on('close', () => {
        if (how !== 'swallow') to.destroy();
      });
    }
  });
  const track = (socket: Socket) => {
    open.add(socket);
    socket.setNoDelay(true);
    socket.on('error', () => undefined);
    socket.on('close', () => open.delete(socket));
  };
  const listen = async (port: number) => {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  };
  const tear = () => {
    for (const socket of open) socket.resetAndDestroy();
  };
  const port = await listen(0);

  return {
    port,
    async cut(next) {
      how = next;
      if (next !== 'swallow') tear();
      if (next === 'refuse') await new Promise((resolve) => server.close(resolve));
    },
    async mend() {
      // What was swallowed is lost: the two sides do not agree on those streams any more.
      if (how === 'swallow') tear();
      how = undefined;
      if (!server.listening) await listen(port);
    },
    async stop() {
      tear();
      if (server.listening) await new Promise((resolve) => server.close(resolve));
    },
  };
}
