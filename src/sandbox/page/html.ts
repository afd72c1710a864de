/** Markup as tagged templates. Values become text or properties, never markup: there is no way in for HTML. */
import htm from 'htm';
import { type ComponentChildren, h, type VNode } from 'preact';

type Html = (strings: TemplateStringsArray, ...values: unknown[]) => VNode;

export const html = htm.bind(h) as unknown as Html;
export type { ComponentChildren, VNode };
