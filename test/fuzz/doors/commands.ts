/** Command lines: what people type after each of our commands, damaged. */
import { loadActions } from '../../../src/actions/load.ts';
import { requestsCommand, slashCommands } from '../../../src/slack/manifest.ts';
import type { Door, Outcome } from '../door.ts';
import { type LightBot, openLightBot } from '../light-bot.ts';
import { damagedText, hostileText, nastyText } from '../nasties.ts';
import type { Random } from '../random.ts';

export const commands: Door = {
  name: 'command lines',
  inputsPerWorld: 3_000,
  async open() {
    const bot = await openLightBot();
    let trigger = 0;
    const body = (user: string, command: string, text: string) => ({
      ...{
        token: 'x',
        team_id: 'T0ACME',
        team_domain: 'acme',
        api_app_id: 'A0GREENLIGHT',
        channel_id: 'C0REQUESTS',
      },
      ...{ channel_name: 'platform-requests', user_id: user, user_name: user.toLowerCase(), command, text },
      trigger_id: `fuzz.${++trigger}`,
    });
    await bot.deliver(body('U0DANA', '/env', 'create first --cpu 8'));
    bot.wrongInLog();
    return {
      make(random) {
        const { command, text } = lineOf(random);
        const user = random.pick(people);
        return { text: `${user} ${command} ${text}`, send: () => sent(bot, body(user, command, text)) };
      },
      close: () => bot.close(),
    };
  },
};

const people = ['U0DANA', 'U0SAM', 'U0LEE', 'U0PRIYA', 'U0MAX', 'U0OLGA', 'U0GIL', 'U0NOBODY'];

const actions = await loadActions();
const slashes = [...slashCommands(actions).keys(), requestsCommand];
const examples = [
  ...[...actions.values()].flatMap(({ command }) => command.examples),
  ...['/requests', '/requests REQ-1', '/requests edit REQ-1', '/requests review REQ-1 it was right'],
];
const flags = [
  ...new Set(
    [...actions.values()].flatMap(({ input }) => Object.keys((input as { shape?: object }).shape ?? {})),
  ),
].map((name) => `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`);

/** Slack takes messages, and so lines, of up to 40,000 characters (docs.slack.dev, chat.postMessage). */
const lineMax = 40_000;

function lineOf(random: Random): { readonly command: string; readonly text: string } {
  const [slash = '', ...words] = random.pick(examples).split(' ');
  const command = random.chance(0.05) ? random.pick(slashes) : slash;
  let text = words.join(' ');
  if (random.chance(0.3)) text += ` ${random.pick(flags)}${random.pick([' ', '=', ''])}${nastyText(random)}`;
  if (random.chance(0.8)) text = damagedText(random, text, examples);
  if (random.chance(0.01)) text = hostileText(random).repeat(4);
  return { command, text: text.slice(0, lineMax) };
}

/** Whoever types a command is told something, whatever they typed. */
async function sent(bot: LightBot, body: Record<string, unknown>): Promise<Outcome> {
  const { acks, said } = await bot.deliver(body);
  const wrong = bot.wrongInLog();
  if (wrong) return wrong;
  if (acks.length === 0) return 'not acknowledged';
  const isTold = said.length > 0 || acks.some((one) => one !== undefined);
  return isTold ? undefined : 'nobody was told anything';
}
