/** What a person is to the workspace, in a word or two. */
import type { Person, PersonKind } from '../../protocol.ts';
import { html, type VNode } from '../html.ts';

const kindNames: Readonly<Record<PersonKind, string>> = {
  member: '',
  guest: 'Guest',
  outside: 'Outside',
  deactivated: 'Deactivated',
  bot: 'App',
};

/** `SRE, on call · guest`: for tooltips and menus. */
export function roleOf(person: Person): string {
  return [person.title, kindNames[person.kind]].filter(Boolean).join(' · ') || 'Member';
}

/** The mark beside a name; members, the usual case, have none. */
export function KindBadge({ person }: { person: Person | undefined }): VNode | null {
  const name = person ? kindNames[person.kind] : '';
  return name === '' ? null : html`<span class=${`badge badge-${person?.kind}`}>${name}</span>`;
}
