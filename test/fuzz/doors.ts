/** Every way into the bot for what it has not written itself. */
import type { Door } from './door.ts';
import { bodies } from './doors/bodies.ts';
import { commands } from './doors/commands.ts';
import { files } from './doors/files.ts';
import { payloads } from './doors/payloads.ts';
import { signatures } from './doors/signatures.ts';

export const doors: readonly Door[] = [commands, payloads, signatures, files, bodies];
