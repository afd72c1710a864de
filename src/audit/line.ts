/**
 * Entries as lines of an export or a stream: JSON for every tool, and in a fixed order of fields, so that whoever checks
 * it hashes the bytes as they stand. Pure.
 */
import type { AuditEntry } from '../core/audit.ts';
import { redactSecrets } from '../core/redact.ts';
import { fit } from '../core/text.ts';
import { canonicalText } from './canonical.ts';
import { sealOf } from './chain.ts';
import { openPart } from './open-part.ts';

/** The parts of a line, as text. */
export interface LineParts {
  readonly hash: string;
  readonly link: string;
  readonly salt: string | undefined;
  /** Its body holds a secret by its form and was left out of this copy; the store has it. */
  readonly isWithheld: boolean;
  readonly body: string;
}

/** Several times what is chosen by: what is longer was made to be long. */
export const excerptMax = 1_000;

/** The first line of an export. @param excerpt what was chosen, in words; nothing when it is all of it. */
export function headerLine(excerpt: string | undefined): string {
  const said = excerpt === undefined ? {} : { excerpt: fit(excerpt, excerptMax) };
  return JSON.stringify({ greenlight: 'audit', form: 1, ...said });
}

/**
 * Nothing secret by its form leaves: of such a body only the open part does. That it was left out is said of what was
 * written alone: whoever put a secret into it since has changed it, and a salt without a body tells.
 */
export function lineOf({ link, hash, salt, body }: AuditEntry): string {
  const text = canonicalText(body);
  const head = `{"hash":"${hash}","link":${canonicalText(link)},"salt":`;
  const isSecret = salt !== null && redactSecrets(text) !== text;
  if (!isSecret) return `${head}${JSON.stringify(salt)},"body":${text}}`;
  if (sealOf(salt, text) !== link.seal) return `${head}"${salt}","body":null}`;
  return `${head}null,"withheld":"secret","body":${canonicalText(openPart(body))}}`;
}

/**
 * Taken by its places, since a million of them pass and a pattern for the whole takes three times as long. A link is flat and
 * none of its values holds a brace: it ends with the first.
 * @returns `undefined` when it is no line of an entry. Whether its hash and its link are as they should be is not looked at.
 */
export function partsOf(line: string): LineParts | undefined {
  const isEntry = line.startsWith(beforeHash) && line.startsWith(beforeLink, hashEnd) && line.endsWith('}');
  if (!isEntry) return undefined;
  const linkEnd = line.indexOf('}', linkStart) + 1;
  beforeBody.lastIndex = linkEnd;
  const match = beforeBody.exec(line);
  if (!match) return undefined;
  const [, salt, withheld] = match;
  return {
    hash: line.slice(beforeHash.length, hashEnd),
    link: line.slice(linkStart, linkEnd),
    salt,
    isWithheld: withheld !== undefined,
    body: line.slice(beforeBody.lastIndex, -1),
  };
}

const beforeHash = '{"hash":"';
const hashEnd = beforeHash.length + 64;
const beforeLink = '","link":';
const linkStart = hashEnd + beforeLink.length;
const beforeBody = /,"salt":(?:"([0-9a-f]{32})"|null(,"withheld":"secret")?),"body":/y;
