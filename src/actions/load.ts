/** Finds every action by its file: `environment.create.ts` is the action `environment.create`. */
import { readdir } from 'node:fs/promises';
import type { Action, Actions } from '../core/action.ts';

const fileName = /^([a-z]+(?:\.[a-z]+)*)\.ts$/;
const notActions = new Set(['load.ts']);

/** @throws Error when a file does not export an action by default. */
export async function loadActions(folder: URL = new URL('.', import.meta.url)): Promise<Actions> {
  const actions = new Map<string, Action>();
  for (const file of (await readdir(folder)).sort()) {
    const name = fileName.exec(file)?.[1];
    if (name === undefined || notActions.has(file)) continue;
    const { default: action } = (await import(new URL(file, folder).href)) as { default?: Action };
    if (!action?.input) throw new Error(`src/actions/${file} does not export an action by default`);
    actions.set(name, action);
  }
  return actions;
}
