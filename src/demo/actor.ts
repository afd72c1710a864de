/** A person of a story: does things through the sandbox's client, and everything done and seen is told. */

import { type PersonClient, SandboxError, type SeesOptions } from '../sandbox/client.ts';
import type { ElementValue, MessageView, ModalView } from '../sandbox/protocol.ts';
import { messageText } from '../sandbox/seen.ts';
import type { Stage } from './stage.ts';

/** Takes one line of a transcript. */
export type Tell = (line: string) => void;

export interface Actor {
  readonly name: string;
  readonly client: PersonClient;
  /** Types a slash command in a channel. */
  types(channel: string, line: string): Promise<void>;
  /** Waits, letting time pass, until a message says this; tells the message as this person reads it. */
  sees(text: string, options?: SeesOptions): Promise<MessageView>;
  clicks(label: string, options?: { in?: MessageView; confirm?: boolean }): Promise<void>;
  fills(label: string, value: ElementValue): Promise<void>;
  submits(): Promise<void>;
  seesForm(title: string): Promise<ModalView>;
  /** Waits until the open form says this somewhere. */
  seesInForm(text: string): Promise<void>;
}

export function actor(stage: Stage, id: string, name: string, tell: Tell): Actor {
  const client = stage.people.as(id);
  return {
    name,
    client,
    async types(channel, line) {
      tell(`${name} in ${channel} > ${line}`);
      await client.command(channel, line);
    },
    async sees(text, options) {
      const message = await stage.until(client.sees(text, options));
      const { people } = await client.view();
      const privately = message.ephemeral ? ' (only to them)' : '';
      tell(`${name} reads${privately}:\n${indent(messageText(message, people))}`);
      return message;
    },
    async clicks(label, options = {}) {
      tell(`${name} clicks [${label}]`);
      await client.click(label, options);
    },
    async fills(label, value) {
      tell(`${name} fills in ${label}: ${String(value)}`);
      await client.fill(label, value, { enter: true });
    },
    async submits() {
      tell(`${name} submits the form`);
      try {
        await client.submit();
      } catch (error) {
        // The form stays open with what is wrong at its field: the story goes on from there.
        if (!(error instanceof SandboxError) || error.code !== 'invalid_input') throw error;
        tell(`${name} reads at the field: ${error.message.split('\n')[0]}`);
      }
    },
    async seesForm(title) {
      const modal = await stage.until(client.seesModal(title));
      tell(`${name} sees the form "${title}"`);
      return modal;
    },
    async seesInForm(text) {
      await stage.until(client.waitFor({ kind: 'modal', contains: text }));
      tell(`${name} reads in the form: ${text}`);
    },
  };
}

function indent(text: string): string {
  return text
    .split('\n')
    .map((line) => `    ${line}`)
    .join('\n');
}
