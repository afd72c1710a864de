/** What goes wrong next with a custom resource: its operator fails at it. */
import { useEffect, useState } from 'preact/hooks';
import type { OperatedKind } from '../../world-calls.ts';
import { failNextResource, mendResource, readOperators } from '../data/control.ts';
import { html, type VNode } from '../html.ts';

interface Props {
  /** Does it, and says so. */
  readonly run: (what: string, work: () => Promise<unknown>) => Promise<void>;
}

export function OperatorForm({ run }: Props): VNode | null {
  const [kinds, setKinds] = useState<readonly OperatedKind[]>([]);
  const [chosen, setChosen] = useState(0);
  const refresh = () => readOperators().then(setKinds, () => setKinds([]));
  useEffect(() => {
    void refresh();
  }, []);
  const choice = kinds[chosen];
  if (!choice) return null;
  const act = async (what: string, work: () => Promise<unknown>) => {
    await run(what, work);
    await refresh();
  };
  const submit = (event: Event) => {
    event.preventDefault();
    void act(`The next ${choice.kind} fails.`, () => failNextResource({ kind: choice.kind }));
  };
  return html`<form class="spoil" onSubmit=${submit}>
    <label>The next custom resource
      <select class="input" value=${chosen} onChange=${(event: Event) => setChosen(Number((event.currentTarget as HTMLSelectElement).value))}>
        ${kinds.map(({ operator, kind }, index) => html`<option value=${index}>${kind} · ${operator}</option>`)}
      </select>
    </label>
    <button type="submit" class="button">Let its operator fail</button>
  </form>
  <ul class="faults" aria-label="Custom resources that fail">
    ${kinds
      .filter((one) => one.ordered > 0)
      .map(
        ({ kind }) => html`<li key=${kind}>
        <span class="box box-cluster">cluster</span><span><code>${kind}</code><small>the next one fails</small></span>
      </li>`,
      )}
    ${kinds.flatMap(({ apiVersion, kind, failing }) =>
      failing.map(
        ({ namespace, name }) => html`<li key=${`${kind}/${namespace}/${name}`}>
          <span class="box box-cluster">cluster</span>
          <span><code>${kind} ${name}</code><small>fails in ${namespace}</small></span>
          <button type="button" class="button button-small" aria-label=${`Mend ${kind} ${name}`} onClick=${() => void act(`${kind} ${name} is tried again.`, () => mendResource({ apiVersion, kind, namespace, name }))}>Mend</button>
        </li>`,
      ),
    )}
  </ul>`;
}
