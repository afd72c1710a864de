/** "Act as": everybody in one strip, one click each; the open list says what each one is. */
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Person } from '../../protocol.ts';
import { useScreen } from '../data/screen.ts';
import { html, type VNode } from '../html.ts';
import { Avatar } from './avatar.ts';
import { Icon } from './icon.ts';
import { KindBadge, roleOf } from './role.ts';

export function PersonSwitcher({ onPerson }: { onPerson: (id: string) => void }): VNode {
  const { view } = useScreen();
  const [isOpen, setIsOpen] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!isOpen) return;
    const leave = (event: Event) => {
      if (!box.current?.contains(event.target as Node)) setIsOpen(false);
    };
    document.addEventListener('pointerdown', leave);
    return () => document.removeEventListener('pointerdown', leave);
  }, [isOpen]);
  const { me } = view;
  const people = view.people.filter(({ kind }) => kind !== 'bot' && kind !== 'deactivated');
  return html`<div ref=${box} class="switcher" onKeyDown=${(event: KeyboardEvent) => event.key === 'Escape' && setIsOpen(false)}>
    ${
      isOpen &&
      html`<div class="switcher-list" role="group" aria-label="Act as">
        ${people.map(
          (person) => html`<button
            key=${person.id}
            type="button"
            class="switcher-row"
            aria-pressed=${person.id === me.id}
            onClick=${() => {
              setIsOpen(false);
              onPerson(person.id);
            }}
          >
            <${Avatar} person=${person} size="small" />
            <span><strong>${person.realName}</strong><small>${person.title}</small></span>
            <${KindBadge} person=${person} />
          </button>`,
        )}
      </div>`
    }
    <button type="button" class="switcher-me" aria-expanded=${isOpen} aria-label=${`Acting as ${me.realName}, ${roleOf(me)}. Show everybody.`} onClick=${() => setIsOpen(!isOpen)}>
      <${Avatar} person=${me} />
      <span class="switcher-who"><strong>${me.realName}</strong><small>${roleOf(me)}</small></span>
      <${Icon} name="chevron" />
    </button>
    <div class="switcher-strip" role="group" aria-label="Act as, in one click">
      ${people.map((person) => html`<${Face} key=${person.id} person=${person} isMe=${person.id === me.id} onPerson=${onPerson} />`)}
    </div>
  </div>`;
}

interface FaceProps {
  readonly person: Person;
  readonly isMe: boolean;
  readonly onPerson: (id: string) => void;
}

function Face({ person, isMe, onPerson }: FaceProps): VNode {
  return html`<button
    type="button"
    class=${`face face-${person.kind}`}
    data-person=${person.id}
    aria-pressed=${isMe}
    aria-label=${`Act as ${person.realName}, ${roleOf(person)}`}
    title=${`${person.realName} · ${roleOf(person)}`}
    onClick=${() => onPerson(person.id)}
  ><${Avatar} person=${person} size="small" /></button>`;
}
