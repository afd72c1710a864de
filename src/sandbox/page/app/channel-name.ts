/** What a conversation is called for the one who looks at it. Pure. */
import type { ChannelInfo, Person, PersonView } from '../../protocol.ts';

/** The other one of a direct message; `undefined` in a channel. */
export function otherIn(channel: ChannelInfo, view: PersonView): Person | undefined {
  if (channel.kind !== 'im') return undefined;
  const id = channel.members.find((member) => member !== view.me.id) ?? view.me.id;
  return view.people.find((person) => person.id === id);
}

export function channelTitle(channel: ChannelInfo, view: PersonView): string {
  if (channel.kind !== 'im') return `#${channel.name}`;
  return otherIn(channel, view)?.realName ?? channel.name;
}
