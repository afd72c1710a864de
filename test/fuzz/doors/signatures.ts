/** Signed requests: raw bytes to the receiver, each with something of its head, signature or body damaged. */
import { connect, type Socket } from 'node:net';
import { personIdSchema, requestIdOf } from '../../../src/core/ids.ts';
import { slackPath } from '../../../src/slack/manifest.ts';
import { type Bot, openBot, signed } from '../bot.ts';
import type { Door, Outcome } from '../door.ts';
import { damagedText, hostileText, nastyText } from '../nasties.ts';
import type { Random } from '../random.ts';

export const signatures: Door = {
  name: 'signed requests',
  inputsPerWorld: 5_000,
  async open() {
    const bot = await openBot();
    await bot.as('U0DANA').command('#platform-requests', '/env help');
    await bot.stage.settle();
    bot.wrongInLog();
    const typed = bot.captured('slash_commands') as Record<string, string>;
    const wire = openWire(bot.stage.app.port ?? 0);
    return {
      make(random) {
        const honest = new URLSearchParams({
          ...typed,
          text: 'create forged',
          trigger_id: `fuzz.${random.next()}`,
        });
        const bytes = damagedRequest(random, honest.toString());
        return { text: bytes, send: () => sent(bot, wire, bytes) };
      },
      async close() {
        wire.close();
        await bot.close();
      },
    };
  },
};

type Header = [name: string, value: string];

/** Never one that Slack could have signed: nothing of it may be done. */
function damagedRequest(random: Random, body: string): string {
  const { 'x-slack-signature': signature = '', 'x-slack-request-timestamp': at = '' } = signed(body);
  const headers: Header[] = [
    ['host', 'localhost'],
    ['content-type', 'application/x-www-form-urlencoded'],
    ['x-slack-request-timestamp', at],
    ['x-slack-signature', signature],
  ];
  let path: string = slackPath;
  let method = 'POST';
  let sentBody = body;
  let length: string | undefined;
  const set = (name: string, value: string) => {
    for (const header of headers) if (header[0] === name) header[1] = value;
  };
  // One damage is always to the signature or to what it covers; the others come on top.
  const forgeries: (() => void)[] = [
    () => set('x-slack-signature', printable(damagedText(random, signature))),
    () => set('x-slack-signature', `v0=${'0'.repeat(random.pick([0, 1, 63, 64, 65, 4_000]))}`),
    () => set('x-slack-signature', printable(nastyText(random))),
    () => set('x-slack-request-timestamp', printable(nastyText(random))),
    () => set('x-slack-request-timestamp', String(Number(at) + random.pick([-301, -86_400, 1, 600, 1e12]))),
    () => headers.splice(random.pick([2, 3]), 1),
    () => {
      sentBody = damagedText(random, body);
    },
    () => {
      sentBody = '';
    },
    () => {
      sentBody = `${body}&command=%2Fenv&x=${encodeURIComponent('y'.repeat(random.pick([10, 100_000])))}`;
    },
    () => {
      sentBody = `payload=${'%'.repeat(random.below(50))}&ssl_check=1`;
    },
  ];
  const others: (() => void)[] = [
    () =>
      set(
        'content-type',
        printable(random.pick(['application/json', 'multipart/form-data', '', nastyText(random)])),
      ),
    () => headers.push(['content-encoding', random.pick(['gzip', 'br', 'identity', 'x'])]),
    () => headers.push(['x-slack-signature', signature]),
    () => headers.push(['x-slack-retry-num', printable(nastyText(random))]),
    () => headers.push([`x-${'a'.repeat(random.pick([1, 200, 20_000]))}`, 'b']),
    () => headers.push(['x-long', printable(hostileText(random))]),
    () => headers.push(['expect', '100-continue']),
    () => headers.push(['transfer-encoding', random.pick(['chunked', 'gzip, chunked', 'xchunked'])]),
    () => {
      length = random.pick(['0', '-1', '1e3', '99999999999999999999', 'x', '5, 6']);
    },
    () => {
      path = random.pick(['/', `${slackPath}/`, `/%00`, '/..', `${slackPath}?${'a'.repeat(5_000)}`, '*']);
    },
    () => {
      method = random.pick(['GET', 'PUT', 'OPTIONS', 'CONNECT', 'TRACE', 'PRI', 'post']);
    },
  ];
  random.pick(forgeries)();
  if (random.chance(0.4)) random.pick(others)();
  // Blanks around a header's value are none of it (RFC 9110, 5.5).
  const damaged =
    sentBody !== body || signature !== headers.find(([name]) => name === 'x-slack-signature')?.[1].trim();
  if (!damaged && at === headers.find(([name]) => name === 'x-slack-request-timestamp')?.[1].trim())
    sentBody = `${body}&x=1`;
  const head = headers.map(([name, value]) => `${name}: ${value}`).join('\r\n');
  const bytes = Buffer.byteLength(sentBody);
  return `${method} ${path} HTTP/1.1\r\n${head}\r\ncontent-length: ${length ?? bytes}\r\n\r\n${sentBody}`;
}

/** Most of what a header cannot hold Node refuses before us; some of it is left in. */
function printable(text: string): string {
  return text.replaceAll(/[\r\n]/g, ' ');
}

interface Wire {
  /** The status, or how the connection ended. */
  send(bytes: string): Promise<string>;
  close(): void;
}

/** Ends of lines that never came: Node waits for them, and so would a test. */
const silenceMs = 40;

function openWire(port: number): Wire {
  let socket: Socket | undefined;
  const opened = () => {
    if (!socket || socket.destroyed || !socket.writable) socket = connect(port, '127.0.0.1');
    return socket;
  };
  return {
    send(bytes) {
      const over = opened();
      return new Promise((resolve) => {
        const end = (how: string, isReusable = false) => {
          clearTimeout(timer);
          over.removeAllListeners('data').removeAllListeners('close').removeAllListeners('error');
          over.on('error', () => {});
          if (!isReusable) over.destroy();
          resolve(how);
        };
        // An incomplete request has no answer yet: Node ends it by its own timeout, and we hang up.
        const timer = setTimeout(() => end('waits for the rest'), silenceMs);
        over.on('error', () => end('hung up'));
        over.on('close', () => end('hung up'));
        over.on('data', (answer: Buffer) => {
          const text = answer.toString('latin1').replace(/^HTTP\/1\.1 100 Continue\r\n\r\n/, '');
          if (text === '') return;
          end(text.slice(9, 12), /^HTTP\/1\.1 401/.test(text) && /connection: keep-alive/i.test(text));
        });
        over.write(bytes);
      });
    },
    close: () => socket?.destroy(),
  };
}

const auditor = { id: personIdSchema.parse('auditor'), name: 'Auditor', kind: 'member' } as const;
const fine = new Set([
  '401',
  '400',
  '404',
  '405',
  '411',
  '413',
  '414',
  '417',
  '431',
  '501',
  'hung up',
  'waits for the rest',
]);

async function sent(bot: Bot, wire: Wire, bytes: string): Promise<Outcome> {
  const how = await wire.send(bytes);
  await bot.stage.settle();
  const wrong = bot.wrongInLog();
  if (wrong) return wrong;
  const seen = await bot.stage.app.desk.view(requestIdOf(1), auditor);
  if (seen.ok) return `what Slack did not sign was done (${how})`;
  // Slack asks so whether we can be reached, without a signature: Bolt answers that, and drops whatever came with it.
  if (how === '200' && bytes.includes('ssl_check=1')) return undefined;
  return fine.has(how) ? undefined : `answered with ${how}`;
}
