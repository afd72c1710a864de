/** The seed file of a Slack workspace: who is there, which channels, what was said before the app came. */
import { z } from 'zod';

const id = (prefix: string) =>
  z.string().regex(new RegExp(`^${prefix}[A-Z0-9]+$`), `must be an id such as ${prefix}0ABC`);
const color = z.string().regex(/^#[0-9a-f]{6}$/i);

export const slackSeedSchema = z.strictObject({
  team: z.strictObject({ id: id('T'), name: z.string(), domain: z.string() }),
  /** Other workspaces that outside members come from. */
  otherTeams: z.array(z.strictObject({ id: id('T'), name: z.string(), domain: z.string() })).default([]),
  people: z.array(
    z.strictObject({
      id: id('U'),
      name: z.string(),
      realName: z.string(),
      email: z.email().optional(),
      title: z.string().default(''),
      avatarColor: color.default('#616061'),
      kind: z.enum(['member', 'guest', 'outside', 'deactivated', 'bot']).default('member'),
      team: id('T').optional(),
      timeZone: z.string().default('Europe/Berlin'),
      isAdmin: z.boolean().default(false),
    }),
  ),
  app: z.strictObject({
    id: id('A'),
    botId: id('B'),
    botUserId: id('U'),
    name: z.string(),
    avatarColor: color.default('#2eb67d'),
    botToken: z.string().startsWith('xoxb-'),
    appToken: z.string().startsWith('xapp-'),
    signingSecret: z.string().min(1),
  }),
  groups: z
    .array(z.strictObject({ id: id('S'), handle: z.string(), name: z.string(), members: z.array(id('U')) }))
    .default([]),
  channels: z.array(
    z.strictObject({
      id: id('C'),
      name: z.string(),
      topic: z.string().default(''),
      isPrivate: z.boolean().default(false),
      isExtShared: z.boolean().default(false),
      isArchived: z.boolean().default(false),
      members: z.array(id('U')),
    }),
  ),
  messages: z
    .array(
      z.strictObject({
        channel: id('C'),
        user: id('U'),
        text: z.string(),
        attachments: z.array(z.record(z.string(), z.unknown())).optional(),
        minutesAgo: z.number().min(0),
        /** Said in the thread of the message with this key. */
        inThreadOf: z.string().optional(),
        key: z.string().optional(),
        reactions: z.record(z.string(), z.array(id('U'))).optional(),
      }),
    )
    .default([]),
});

export type SlackSeed = z.infer<typeof slackSeedSchema>;
