/** An honest gap: what stands here in Slack, and that this page cannot draw it. */
import { Component } from 'preact';
import { type ComponentChildren, html, type VNode } from '../html.ts';

export function Placeholder({ what, why }: { what: string; why?: string }): VNode {
  return html`<div class="placeholder" role="note">
    <code>${what}</code>
    <span>${why ?? 'is fine in Slack, but the sandbox cannot draw it.'}</span>
  </div>`;
}

interface GuardProps {
  readonly what: string;
  readonly children: ComponentChildren;
}

/** A block that breaks while it is drawn must not take the conversation with it. */
export class DrawingGuard extends Component<GuardProps, { readonly failed: boolean }> {
  override state = { failed: false };

  static override getDerivedStateFromError(): { failed: boolean } {
    return { failed: true };
  }

  override render() {
    if (!this.state.failed) return this.props.children;
    return html`<${Placeholder} what=${this.props.what} why="is not what the page expected of this type." />`;
  }
}
