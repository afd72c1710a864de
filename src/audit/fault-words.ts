/** What is wrong with an audit, in one sentence that names the first event that is not as it was written. Pure. */
import type { AuditLink, Checkpoint } from '../core/audit.ts';
import { count, fit, listOf } from '../core/text.ts';
import type { PublicKey } from './checkpoint.ts';

/** "event 12 (reviewed, number 4 of REQ-7)". Only what is ours: the line may have been written by anybody. */
export function eventName({ position, type, request, seq }: AuditLink): string {
  const of = request === undefined || seq === undefined ? '' : `, number ${seq} of ${plain(request)}`;
  return `event ${position} (${plain(type)}${of})`;
}

/** Names begin a sentence here, so they get a capital. */
export const faults = {
  nothing: () => 'There is no event in it: this is no export of an audit.',
  unreadable: (line: number) => `Line ${line} is not a line of an audit: it was changed, or cut off.`,
  linkChanged: (name: string) =>
    `${capital(name)} was changed: its place, time, type or one of its hashes is not what was written.`,
  bodyChanged: (name: string) => `${capital(name)} was changed: its content is not what was written.`,
  openPartChanged: (name: string) =>
    `${capital(name)} was changed: what a redaction left of it is not what was written.`,
  removedWithoutRule: (name: string) =>
    `${capital(name)} has lost its content, and no redaction in the chain says so.`,
  missing: (from: number, to: number) =>
    from === to ? `Event ${from} is missing.` : `Events ${from} to ${to} are missing.`,
  outOfOrder: (name: string, line: number, after: number) =>
    `${capital(name)} stands a second time or in the wrong place: in line ${line}, after event ${after}.`,
  notTheFirst: (name: string) => `${capital(name)} says that it is the first, and that another came before.`,
  doesNotFollow: (name: string, before: string) =>
    `${capital(before)} is not the one that ${name} was written after: one of the two was put there later.`,
  cutBefore: (checkpoint: Checkpoint, end: number) =>
    `The events after ${end} are missing here: a checkpoint ${at(checkpoint)} signs event ${checkpoint.position}.`,
  cut: (checkpoint: Checkpoint, end: number) =>
    `It ends at event ${end}, and an anchor of ${moment(checkpoint.at)} has seen event ${checkpoint.position}: the newest ${count(checkpoint.position - end, 'event')} at least ${checkpoint.position - end === 1 ? 'is' : 'are'} missing.`,
  checkpointOutOfPlace: (checkpoint: Checkpoint, line: number) =>
    `Line ${line} holds the checkpoint of event ${checkpoint.position}, which belongs right after that event.`,
  otherThanSigned: (name: string, checkpoint: Checkpoint) =>
    `${capital(name)} is not the one that was signed ${at(checkpoint)}: it, or what came before it, was written anew.`,
  otherThanAnchored: (name: string, checkpoint: Checkpoint) =>
    `${capital(name)} is not the one that an anchor of ${moment(checkpoint.at)} has seen: it, or what came before it, was written anew.`,
  otherKey: ({ key, position }: Checkpoint, keys: readonly PublicKey[]) =>
    `The checkpoint of event ${position} is signed by the key ${key}, and not by ${listOf(
      keys.map(({ name }) => name),
      'or',
    )}.`,
  badSignature: ({ position, key }: Checkpoint) =>
    `The checkpoint of event ${position} says that the key ${key} has signed it, and its signature is wrong.`,
  nothingSigned: () =>
    'A key was given, and nothing here is signed by it: this may have been written by anybody.',
  unchained: (request: string, seq: number) =>
    `Event ${seq} of ${request} stands in the database and not in the chain: it was put there by hand.`,
  beforeFirst: (name: string) => `${capital(name)} stands before the first: it was put there by hand.`,
  headElsewhere: (end: number, head: number) =>
    `It ends at event ${end}, and its head says ${head}: events were deleted at its end, or put there by hand.`,
  otherThanHead: (name: string) =>
    `${capital(name)} is not the one that the head of the chain says: one of the two was written anew.`,
} as const;

export function moment(at: number): string {
  const date = new Date(at);
  return Number.isNaN(date.getTime())
    ? 'no time'
    : `${date.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

function at(checkpoint: Checkpoint): string {
  return `at ${moment(checkpoint.at)}`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** What people typed, or what an export says of itself: in one line, and nothing that a terminal obeys. */
export function inOneLine(text: string): string {
  return fit(text.replace(/[\p{Cc}\p{Cf}\s]+/gu, ' '), 200);
}

/** A terminal obeys control characters, and a line may bring them. */
function plain(text: string): string {
  return text.replace(/[^\w.-]/g, '?').slice(0, 40);
}
