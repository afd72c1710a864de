/** Where a person writes: messages, slash commands, mentions. */
import { useEffect, useId, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { ChannelView, SlashCommandView } from '../../protocol.ts';
import { channelTitle } from '../app/channel-name.ts';
import { Icon } from '../app/icon.ts';
import { useScreen } from '../data/screen.ts';
import { Menu } from '../elements/menu.ts';
import { html, type VNode } from '../html.ts';
import { type Suggestion, SuggestionList, suggest } from './suggestions.ts';

interface Props {
  readonly channel: ChannelView;
  readonly threadTs?: string;
  readonly placeholder: string;
}

/** Below this width the longer placeholder does not fit. */
const narrowPx = 380;

/** What was begun somewhere is still there when one comes back. Key: person, channel, thread. */
const drafts = new Map<string, string>();

export function Composer({ channel, threadTs, placeholder }: Props): VNode {
  const { act, view, isLive } = useScreen();
  const draftKey = `${view.me.id} ${channel.id} ${threadTs ?? ''}`;
  const [text, setText] = useState(drafts.get(draftKey) ?? '');
  const [cursor, setCursor] = useState(0);
  const [commands, setCommands] = useState<readonly SlashCommandView[]>([]);
  const [active, setActive] = useState(0);
  const [closedFor, setClosedFor] = useState<string | undefined>(undefined);
  const [isSending, setIsSending] = useState(false);
  const [isNarrow, setIsNarrow] = useState(false);
  const [alsoToChannel, setAlsoToChannel] = useState(false);
  const field = useRef<HTMLTextAreaElement>(null);
  const listId = useId();

  const write = (next: string, at = next.length) => {
    setText(next);
    setCursor(at);
    setActive(0);
    if (next === '') drafts.delete(draftKey);
    else drafts.set(draftKey, next);
  };

  const typedCommand = /^\/\S*$/.exec(text)?.[0];
  useEffect(() => {
    if (typedCommand === undefined) return;
    let isStale = false;
    void act({ do: 'complete', line: typedCommand }, { quiet: true }).then((outcome) => {
      if (!isStale) setCommands((outcome.ok && outcome.commands) || []);
    });
    return () => {
      isStale = true;
    };
  }, [typedCommand]);

  useLayoutEffect(() => {
    const box = field.current;
    if (!box) return;
    setIsNarrow(box.clientWidth < narrowPx);
    box.style.height = 'auto';
    box.style.height = `${Math.min(box.scrollHeight, 220)}px`;
  }, [text]);

  const suggestions = closedFor === text ? [] : suggest(text, cursor, view, commands);
  const hinted = commands.find(({ command }) => text.startsWith(`${command} `) && text.trim() === command);

  const choose = (suggestion: Suggestion) => {
    write(suggestion.text, suggestion.cursor);
    requestAnimationFrame(() => field.current?.setSelectionRange(suggestion.cursor, suggestion.cursor));
  };

  const send = async () => {
    const line = text.trim();
    if (line === '' || isSending) return;
    const isCommand = line.startsWith('/');
    write('');
    // Now, not when the answer is here: by then a modal may have taken the focus.
    field.current?.focus();
    // A command shows that it is on its way: the app has three seconds to answer.
    setIsSending(isCommand);
    const thread = threadTs === undefined ? {} : { threadTs };
    const outcome = await (isCommand
      ? act({ do: 'run', channel: channel.id, line, ...thread }, { quiet: true })
      : act({
          do: 'say',
          channel: channel.id,
          text: line,
          ...thread,
          ...(alsoToChannel ? { broadcast: true } : {}),
        }));
    setIsSending(false);
    setAlsoToChannel(false);
    // What could not be sent comes back to be tried again, unless something new was begun.
    if (!outcome.ok && !isCommand && !drafts.has(draftKey)) write(line);
  };

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.isComposing) return;
    const current = suggestions[Math.min(active, suggestions.length - 1)];
    if (current) {
      const last = suggestions.length - 1;
      if (event.key === 'ArrowDown') setActive(active >= last ? 0 : active + 1);
      else if (event.key === 'ArrowUp') setActive(active <= 0 ? last : active - 1);
      else if (event.key === 'Tab' && !event.shiftKey) choose(current);
      else if (event.key === 'Escape') setClosedFor(text);
      else if (event.key === 'Enter' && !event.shiftKey && !(current.title === text.trim())) choose(current);
      else return sendOnEnter(event);
      event.preventDefault();
      event.stopPropagation();
      return;
    }
    sendOnEnter(event);
  };
  const sendOnEnter = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || event.shiftKey) return;
    event.preventDefault();
    void send();
  };

  const globalShortcuts = view.app.shortcuts.filter(({ type }) => type === 'global');
  return html`<div class="composer-area">
    ${
      suggestions.length > 0 &&
      html`<${SuggestionList} id=${listId} suggestions=${suggestions} active=${Math.min(active, suggestions.length - 1)} onActive=${setActive} onChoose=${choose} />`
    }
    ${hinted?.usageHint && html`<div class="composer-hint"><code>${hinted.command} ${hinted.usageHint}</code><span>${hinted.description}</span></div>`}
    <div class=${`composer ${isSending ? 'is-sending' : ''}`}>
      ${
        globalShortcuts.length > 0 &&
        html`<${Menu}
          label="Shortcuts"
          class="icon-button composer-plus"
          items=${globalShortcuts.map(({ callbackId, name, description }) => ({
            key: callbackId,
            content: html`<span>${name}<small>${description}</small></span>`,
            onChoose: () => void act({ do: 'global-shortcut', callbackId }),
          }))}
        ><${Icon} name="bolt" /></${Menu}>`
      }
      <textarea
        ref=${field}
        rows="1"
        class="composer-text"
        aria-label=${threadTs === undefined ? `Message ${channelTitle(channel, view)}` : 'Reply in thread'}
        aria-controls=${suggestions.length > 0 ? listId : undefined}
        aria-activedescendant=${suggestions.length > 0 ? `${listId}-${active}` : undefined}
        placeholder=${isNarrow ? placeholder.replace(/,.*/, '…') : placeholder}
        disabled=${!isLive}
        value=${text}
        onInput=${(event: Event) => {
          const { value, selectionStart } = event.currentTarget as HTMLTextAreaElement;
          write(value, selectionStart);
        }}
        onKeyUp=${(event: Event) => setCursor((event.currentTarget as HTMLTextAreaElement).selectionStart)}
        onClick=${(event: Event) => setCursor((event.currentTarget as HTMLTextAreaElement).selectionStart)}
        onKeyDown=${onKeyDown}
      ></textarea>
      <button type="button" class="send" aria-label="Send" disabled=${text.trim() === '' || !isLive} onClick=${() => void send()}><${Icon} name="send" /></button>
    </div>
    ${
      threadTs !== undefined &&
      html`<label class="also"><input type="checkbox" checked=${alsoToChannel} onChange=${() => setAlsoToChannel(!alsoToChannel)} /> Also send to ${channelTitle(channel, view)}</label>`
    }
  </div>`;
}
