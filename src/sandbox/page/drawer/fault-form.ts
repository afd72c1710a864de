/** A fault of one's own making. */
import { useState } from 'preact/hooks';
import type { FaultRuleInput } from '../../protocol.ts';
import { html, type VNode } from '../html.ts';

const boxes = ['slack', 'github', 'cluster', 'prometheus'] as const;
/** Each way to break a call, by the name people know it by. */
const kinds: readonly { readonly name: string; readonly fault: FaultRuleInput['fault'] }[] = [
  { name: '429 Too Many Requests', fault: { kind: 'status', status: 429, retryAfterSeconds: 10 } },
  { name: '500 Internal Server Error', fault: { kind: 'status', status: 500 } },
  { name: '503 Service Unavailable', fault: { kind: 'status', status: 503 } },
  { name: '2 s late', fault: { kind: 'slow', delayMs: 2_000 } },
  { name: 'never answers', fault: { kind: 'timeout' } },
  { name: 'connection reset', fault: { kind: 'reset' } },
  { name: 'answer lost after the effect', fault: { kind: 'lost-response' } },
  { name: 'envelope twice', fault: { kind: 'duplicate' } },
  { name: 'envelopes out of order', fault: { kind: 'reorder' } },
  { name: 'socket closed', fault: { kind: 'drop-socket' } },
];

export function FaultForm({ onAdd }: { onAdd: (rule: FaultRuleInput) => void }): VNode {
  const [box, setBox] = useState<(typeof boxes)[number]>('slack');
  const [operation, setOperation] = useState('');
  const [kind, setKind] = useState(0);
  const [times, setTimes] = useState('');
  const submit = (event: Event) => {
    event.preventDefault();
    const fault = kinds[kind]?.fault;
    if (!fault) return;
    const count = Number.parseInt(times, 10);
    onAdd({ box, operation: operation.trim() || '*', fault, ...(count > 0 ? { times: count } : {}) });
  };
  return html`<details class="fault-form">
    <summary>Something else…</summary>
    <form onSubmit=${submit}>
      <label>Box
        <select class="input" value=${box} onChange=${(event: Event) => setBox((event.currentTarget as HTMLSelectElement).value as typeof box)}>
          ${boxes.map((name) => html`<option value=${name}>${name}</option>`)}
        </select>
      </label>
      <label>Operation
        <input type="text" class="input" placeholder=${box === 'slack' ? 'chat.* or envelope:*' : 'POST /repos/*/dispatches'} value=${operation} onInput=${(event: Event) => setOperation((event.currentTarget as HTMLInputElement).value)} />
      </label>
      <label>What goes wrong
        <select class="input" value=${kind} onChange=${(event: Event) => setKind(Number((event.currentTarget as HTMLSelectElement).value))}>
          ${kinds.map(({ name }, index) => html`<option value=${index}>${name}</option>`)}
        </select>
      </label>
      <label>How many times
        <input type="text" inputmode="numeric" class="input" placeholder="always" value=${times} onInput=${(event: Event) => setTimes((event.currentTarget as HTMLInputElement).value)} />
      </label>
      <button type="submit" class="button button-primary">Break it</button>
    </form>
  </details>`;
}
