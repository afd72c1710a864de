/** A Slack that knows the sandbox's people and takes whatever it is told, without a wire. */
import type { SlackClient } from '../../src/slack/clients.ts';

/** Something that was told to somebody: `chat.postEphemeral`, and with what. */
export interface Said {
  readonly method: string;
  readonly sent: unknown;
}

export interface EasySlack {
  readonly client: SlackClient;
  readonly said: Said[];
  /** While it remembers: everything that was told. */
  readonly shown: unknown[];
  remember(isOn: boolean): void;
  isRemembering(): boolean;
}

const names = ['Dana', 'Priya', 'Max', 'Sam', 'Olga', 'Lee', 'Gil', 'Oda', 'Ron'];
const users = new Map(
  names.map((name) => [
    `U0${name.toUpperCase()}`,
    {
      ...{
        id: `U0${name.toUpperCase()}`,
        team_id: name === 'Oda' ? 'T0GLOBEX' : 'T0ACME',
        deleted: name === 'Ron',
      },
      ...{
        name: name.toLowerCase(),
        real_name: name,
        tz: 'Europe/Berlin',
        is_bot: false,
        is_stranger: name === 'Oda',
      },
      ...{ is_restricted: name === 'Gil', is_ultra_restricted: false, is_email_confirmed: true },
      profile: { email: `${name.toLowerCase()}@acme.example`, real_name: name },
    },
  ]),
);

export function createEasySlack(): EasySlack {
  const said: Said[] = [];
  const shown: unknown[] = [];
  let isRemembering = false;
  const call = async (method: string, sent: Record<string, unknown> = {}): Promise<unknown> => {
    if (method === 'users.info') return userOr(users.get(String(sent.user)));
    if (method === 'users.lookupByEmail') {
      return userOr([...users.values()].find(({ profile }) => profile.email === sent.email));
    }
    if (method === 'conversations.info') return { ok: true, channel: { id: sent.channel, is_shared: false } };
    said.push({ method, sent });
    return { ok: true, ts: '1.0', channel: sent.channel, view: { id: 'V1', hash: 'h' }, message: {} };
  };
  const client = new Proxy(
    {},
    {
      get: (_none, family) =>
        new Proxy(
          {},
          { get: (_no, verb) => (sent: never) => call(`${String(family)}.${String(verb)}`, sent) },
        ),
    },
  );
  return {
    client: client as SlackClient,
    said,
    shown,
    remember: (isOn) => {
      isRemembering = isOn;
    },
    isRemembering: () => isRemembering,
  };
}

/** As the Web API refuses (docs.slack.dev, users.info). */
function userOr(user: object | undefined): { readonly ok: true; readonly user: object } {
  if (user) return { ok: true, user };
  throw Object.assign(new Error('An API error occurred: user_not_found'), {
    code: 'slack_webapi_platform_error',
    data: { ok: false, error: 'user_not_found' },
  });
}
