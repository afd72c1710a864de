/** Brings the seed's people, groups, channels and chatter into an empty world. */
import { microsToTs, openIm, type World } from './world.ts';

export function populate(world: World): void {
  const { seed, clock } = world;
  const bornAt = clock.now() - 365 * 24 * 3_600_000;
  for (const one of seed.people) {
    world.users.set(one.id, {
      id: one.id,
      name: one.name,
      realName: one.realName,
      email: one.email,
      title: one.title,
      avatarColor: one.avatarColor,
      kind: one.kind,
      teamId: one.team ?? seed.team.id,
      timeZone: one.timeZone,
      isAdmin: one.isAdmin,
      updatedAt: bornAt,
    });
  }
  const { app } = seed;
  world.users.set(app.botUserId, {
    id: app.botUserId,
    name: app.name,
    realName: app.name,
    email: undefined,
    title: '',
    avatarColor: app.avatarColor,
    kind: 'bot',
    teamId: seed.team.id,
    timeZone: 'Europe/Berlin',
    isAdmin: false,
    updatedAt: bornAt,
  });
  for (const group of seed.groups) world.groups.set(group.id, { ...group, updatedAt: bornAt });
  for (const channel of seed.channels) {
    world.channels.set(channel.id, {
      id: channel.id,
      name: channel.name,
      topic: channel.topic,
      kind: channel.isPrivate ? 'private' : 'channel',
      isExtShared: channel.isExtShared,
      isArchived: channel.isArchived,
      createdAt: bornAt,
      members: new Set(channel.members),
      messages: new Map(),
      order: [],
      threads: new Map(),
    });
  }
  for (const user of [...world.users.values()]) {
    if (user.kind === 'member' || user.kind === 'guest') openIm(world, user.id);
  }
  seedMessages(world);
}

/** What the seed tells was said before, oldest first; everybody has read it. */
function seedMessages(world: World): void {
  const startedAt = world.clock.now();
  const byKey = new Map<string, string>();
  const inOrder = world.seed.messages.toSorted((a, b) => b.minutesAgo - a.minutesAgo);
  inOrder.forEach((one, index) => {
    const channel = world.channels.get(one.channel);
    if (!channel) return;
    const ts = microsToTs((startedAt - one.minutesAgo * 60_000) * 1000 + index);
    const threadTs = one.inThreadOf === undefined ? undefined : byKey.get(one.inThreadOf);
    if (one.key) byKey.set(one.key, ts);
    channel.messages.set(ts, {
      ts,
      channel: channel.id,
      user: one.user,
      text: one.text,
      ...(one.attachments
        ? { attachments: one.attachments.map((each, at) => ({ id: at + 1, ...each })) }
        : {}),
      ...(threadTs ? { threadTs } : {}),
      reactions: Object.entries(one.reactions ?? {}).map(([name, users]) => ({ name, users })),
      files: [],
    });
    channel.order.push(ts);
    if (threadTs) channel.threads.set(threadTs, [...(channel.threads.get(threadTs) ?? []), ts]);
    for (const user of channel.members) world.lastRead.set(`${user}:${channel.id}`, ts);
  });
}
