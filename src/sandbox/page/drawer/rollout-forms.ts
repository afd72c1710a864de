/** What goes wrong next: at a job of a workflow, in the Pods of the cluster, or with a custom resource. */
import { useEffect, useState } from 'preact/hooks';
import type { Workflow, Workload } from '../../world-calls.ts';
import { breakPods, failNextRun, makeWell, readWorkflows, readWorkloads } from '../data/control.ts';
import { html, type VNode } from '../html.ts';
import { OperatorForm } from './operator-form.ts';

interface Props {
  /** Does it, and says so. */
  readonly run: (what: string, work: () => Promise<unknown>) => Promise<void>;
}

/** Each way for Pods to fail, by the name people know it by. */
const troubles: readonly { readonly name: string; readonly trouble: NonNullable<Workload['trouble']> }[] = [
  { name: 'ImagePullBackOff', trouble: 'imagepull' },
  { name: 'CrashLoopBackOff', trouble: 'crash' },
  { name: 'OOMKilled', trouble: 'oom' },
  { name: 'never ready', trouble: 'unready' },
  { name: 'no node takes them', trouble: 'unschedulable' },
  { name: 'a quota stalls them', trouble: 'quota' },
];
const troubleName = (trouble: Workload['trouble']) =>
  troubles.find((one) => one.trouble === trouble)?.name ?? trouble;

export function RolloutForms({ run }: Props): VNode {
  return html`<section>
    <h3>Spoil the next deploy</h3>
    <${RunForm} run=${run} />
    <${PodsForm} run=${run} />
    <${OperatorForm} run=${run} />
  </section>`;
}

function RunForm({ run }: Props): VNode | null {
  const [choices, setChoices] = useState<readonly { workflow: Workflow; job: string }[]>([]);
  const [chosen, setChosen] = useState(0);
  useEffect(() => {
    readWorkflows().then(
      (workflows) =>
        setChoices(workflows.flatMap((workflow) => workflow.jobs.map((job) => ({ workflow, job })))),
      () => setChoices([]),
    );
  }, []);
  const choice = choices[chosen];
  if (!choice) return null;
  const submit = (event: Event) => {
    event.preventDefault();
    const { repository, workflow } = choice.workflow;
    void run(`The next ${choice.workflow.name} run of ${repository} fails at ${choice.job}.`, () =>
      failNextRun({ repository, workflow, failsAt: { job: choice.job } }),
    );
  };
  return html`<form class="spoil" onSubmit=${submit}>
    <label>The next run fails at
      <select class="input" value=${chosen} onChange=${(event: Event) => setChosen(selected(event))}>
        ${choices.map(({ workflow, job }, index) => html`<option value=${index}>${workflow.repository} · ${workflow.name} · ${job}</option>`)}
      </select>
    </label>
    <button type="submit" class="button">Let it fail</button>
  </form>`;
}

function PodsForm({ run }: Props): VNode | null {
  const [workloads, setWorkloads] = useState<readonly Workload[]>([]);
  const [chosen, setChosen] = useState(0);
  const [how, setHow] = useState(0);
  const refresh = () => readWorkloads().then(setWorkloads, () => setWorkloads([]));
  useEffect(() => {
    void refresh();
  }, []);
  const workload = workloads[chosen];
  if (!workload) return null;
  const act = async (what: string, work: () => Promise<unknown>) => {
    await run(what, work);
    await refresh();
  };
  const submit = (event: Event) => {
    event.preventDefault();
    const choice = troubles[how];
    if (!choice) return;
    const { namespace, name } = workload;
    void act(`The next Pods in ${namespace}: ${choice.name}.`, () =>
      breakPods(namespace, name, choice.trouble),
    );
  };
  return html`<form class="spoil" onSubmit=${submit}>
    <label>The next Pods of
      <select class="input" value=${chosen} onChange=${(event: Event) => setChosen(selected(event))}>
        ${workloads.map(({ namespace }, index) => html`<option value=${index}>${namespace}</option>`)}
      </select>
    </label>
    <label>How they fail
      <select class="input" value=${how} onChange=${(event: Event) => setHow(selected(event))}>
        ${troubles.map(({ name }, index) => html`<option value=${index}>${name}</option>`)}
      </select>
    </label>
    <button type="submit" class="button">Break them</button>
  </form>
  <ul class="faults" aria-label="Pods that will fail">
    ${workloads
      .filter((one) => one.trouble)
      .map(
        ({ namespace, trouble }) => html`<li key=${namespace}>
          <span class="box box-cluster">cluster</span>
          <span><code>${namespace}</code><small>its next Pods: ${troubleName(trouble)}</small></span>
          <button type="button" class="button button-small" aria-label=${`Mend ${namespace}`} onClick=${() => void act(`${namespace} is well.`, () => makeWell(namespace))}>Mend</button>
        </li>`,
      )}
  </ul>`;
}

function selected(event: Event): number {
  return Number((event.currentTarget as HTMLSelectElement).value);
}
