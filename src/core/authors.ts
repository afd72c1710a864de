/**
 * Who wrote a change, as people are known here. GitHub lets people hide their address behind one of its own
 * (docs.github.com, "Setting your commit email address"): without the catalog such an author would be a stranger, and
 * could approve what they wrote. Pure.
 */
import { type Catalog, emailOfLogin } from './catalog.ts';
import type { Preview } from './preview.ts';

type People = Pick<Catalog, 'people'>;

/** The same preview with the authors of all its parts by their own addresses, as far as the catalog knows them. */
export function withKnownAuthors(preview: Preview, people: People): Preview {
  const { change, parts } = preview;
  return {
    ...preview,
    ...(change === undefined ? {} : { change: known(change, people) }),
    ...(parts === undefined
      ? {}
      : { parts: parts.map((part) => ({ ...part, change: known(part.change, people) })) }),
  };
}

type Change = NonNullable<Preview['change']>;

function known(change: Change, people: People): Change {
  if (change === 'unknown' || change.authors === 'unknown') return change;
  const authors = change.authors.flatMap((address) => knownAddress(address, people) ?? []);
  return { ...change, authors: [...new Set(authors)].sort() };
}

/** Tells of the addresses of one person whether the catalog names them: only such a person can be left out for writing it. */
export function knownAuthors(
  catalog: People & Pick<Catalog, 'groups'>,
): (addresses: readonly string[]) => boolean {
  const members = Object.values(catalog.groups).flatMap((group) => group.members);
  const named = new Set(
    [...Object.keys(catalog.people ?? {}), ...members].map((email) => email.toLowerCase()),
  );
  return (addresses) =>
    addresses.some((address) => named.has((knownAddress(address, catalog) ?? '').toLowerCase()));
}

/** `12345+octocat@users.noreply.github.com`, and without the number for accounts made before July 2017. */
const hidden = /^(?:\d+\+)?([a-z\d](?:[a-z\d-]*[a-z\d])?(?:\[bot\])?)@users\.noreply\.github\.com$/iu;

/** The address that GitHub gives to an account. */
export function hiddenAddress(login: string): string {
  return `${login}@users.noreply.github.com`;
}

/** `undefined` for an account that nobody here is known to have: it is no member's address. */
function knownAddress(address: string, people: People): string | undefined {
  const [, login] = hidden.exec(address) ?? [];
  return login === undefined ? address : emailOfLogin(people, login);
}
