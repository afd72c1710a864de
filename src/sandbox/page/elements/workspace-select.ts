/** Selects over what the workspace itself has: people, channels, conversations. */
import type { PersonView, SlackOption } from '../../protocol.ts';
import { useScreen } from '../data/screen.ts';
import { html, type VNode } from '../html.ts';
import { OptionSelect } from './option-selects.ts';
import type { ElementProps } from './use-element.ts';
import type { AnyElement } from './value.ts';

export function WorkspaceSelect(props: ElementProps): VNode {
  const { view } = useScreen();
  const { element } = props;
  const options = /users_select$/.test(element.type) ? people(view) : conversations(view, element);
  const groups = [{ label: '', options }];
  return html`<${OptionSelect} ...${props} groups=${groups} />`;
}

function people(view: PersonView): readonly SlackOption[] {
  return view.people
    .filter((person) => person.kind !== 'deactivated')
    .map((person) => option(person.id, person.realName, person.title || `@${person.name}`));
}

interface Filter {
  readonly include?: readonly string[];
  readonly exclude_external_shared_channels?: boolean;
  readonly exclude_bot_users?: boolean;
}

function conversations(view: PersonView, element: AnyElement): readonly SlackOption[] {
  const filter = (element.filter as Filter | undefined) ?? {};
  const onlyChannels = /channels_select$/.test(element.type);
  return view.channels
    .filter((channel) => !channel.isArchived && (!onlyChannels || channel.kind === 'channel'))
    .filter((channel) => !filter.include || filter.include.includes(slackKind[channel.kind]))
    .filter((channel) => !(filter.exclude_external_shared_channels && channel.isExtShared))
    .filter((channel) => !(filter.exclude_bot_users && isWithApp(view, channel)))
    .map((channel) =>
      option(channel.id, `${channel.kind === 'im' ? '@' : '#'}${channel.name}`, channel.topic),
    );
}

const slackKind = { channel: 'public', private: 'private', im: 'im' } as const;

function isWithApp(view: PersonView, channel: PersonView['channels'][number]): boolean {
  return channel.kind === 'im' && channel.members.includes(view.app.botUserId);
}

function option(value: string, text: string, description: string): SlackOption {
  return {
    value,
    text: { type: 'plain_text', text },
    ...(description ? { description: { type: 'plain_text', text: description } } : {}),
  };
}
