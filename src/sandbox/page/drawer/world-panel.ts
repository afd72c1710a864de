/** The world around the app: let time pass, break things on purpose, begin again. */
import { useEffect, useState } from 'preact/hooks';
import type { ActiveFaultRule, Outcome, WorldView } from '../../protocol.ts';
import {
  addFault,
  advanceClock,
  changeWorld,
  readFaults,
  readWorld,
  removeFault,
  resetWorld,
} from '../data/control.ts';
import { html, type VNode } from '../html.ts';
import { fullMoment } from '../text/date.ts';
import { Drawer } from './drawer.ts';
import { FaultForm } from './fault-form.ts';
import { faultPresets } from './fault-presets.ts';
import { describeFault } from './fault-words.ts';
import { RolloutForms } from './rollout-forms.ts';

const refreshMs = 1_000;
const minuteMs = 60_000;
const steps = [
  { label: '1 min', ms: minuteMs },
  { label: '1 h', ms: 60 * minuteMs },
  { label: '8 h', ms: 8 * 60 * minuteMs },
  { label: '1 day', ms: 24 * 60 * minuteMs },
];

export function WorldPanel({ timeZone, onClose }: { timeZone: string; onClose: () => void }): VNode {
  const [world, setWorld] = useState<WorldView | undefined>(undefined);
  const [rules, setRules] = useState<readonly ActiveFaultRule[]>([]);
  const [said, setSaid] = useState('');
  const [isSure, setIsSure] = useState(false);

  const refresh = async () => {
    try {
      const [nextWorld, nextRules] = await Promise.all([readWorld(), readFaults()]);
      setWorld(nextWorld);
      setRules(nextRules);
    } catch {
      setWorld(undefined);
    }
  };
  useEffect(() => {
    void refresh();
    const timer = setInterval(() => void refresh(), refreshMs);
    return () => clearInterval(timer);
  }, []);

  const run = async (what: string, work: () => Promise<unknown>) => {
    try {
      const outcome = (await work()) as Outcome | undefined;
      setSaid(outcome && !outcome.ok ? outcome.message : what);
    } catch (error) {
      setSaid(error instanceof Error ? error.message : String(error));
    }
    await refresh();
  };

  const connection = world?.connection;
  return html`<${Drawer} title="World" note="Let time pass, and break things on purpose" onClose=${onClose}>
    <div class="world">
      <p class="world-said" role="status">${said}</p>
      <section>
        <h3>Time</h3>
        <p class="world-now">${world ? fullMoment(world.clock.now, timeZone) : 'The sandbox is away.'}</p>
        <div class="world-row">
          ${steps.map(({ label, ms }) => html`<button type="button" class="button" key=${label} onClick=${() => void run(`${label} went by.`, () => advanceClock(ms))}>+ ${label}</button>`)}
        </div>
      </section>
      <section>
        <h3>Connection of the app</h3>
        <p class="world-now">
          <span class=${`presence ${connection?.connected ? 'is-on' : ''}`}></span>
          ${connection?.connected ? `Connected${connection.mode === 'socket' ? `, ${connection.sockets} ${connection.sockets === 1 ? 'socket' : 'sockets'}` : ' over HTTP'}` : 'Not connected'}
        </p>
        <div class="world-row">
          <button type="button" class="button" onClick=${() => void run('Slack asked the app to reconnect.', () => changeWorld({ do: 'disconnect-app', reason: 'refresh_requested' }))}>Ask to reconnect</button>
          <button type="button" class="button" onClick=${() => void run('Every socket was cut.', () => changeWorld({ do: 'drop-app' }))}>Cut the sockets</button>
        </div>
      </section>
      <section>
        <h3>Broken now</h3>
        ${rules.length === 0 && html`<p class="empty">Everything works.</p>`}
        <ul class="faults" aria-label="Active faults">
          ${rules.map(
            (rule) => html`<li key=${rule.id}>
              <span class=${`box box-${rule.box}`}>${rule.box}</span>
              <span><code>${rule.operation === '*' ? 'everything' : rule.operation}</code><small>${describeFault(rule)}</small></span>
              <button type="button" class="button button-small" aria-label=${`Mend ${rule.operation}`} onClick=${() => void run('Mended.', () => removeFault(rule.id))}>Mend</button>
            </li>`,
          )}
        </ul>
        ${rules.length > 1 && html`<button type="button" class="button" onClick=${() => void run('Everything is mended.', () => removeFault())}>Mend everything</button>`}
      </section>
      <section>
        <h3>Break something</h3>
        <div class="presets">
          ${faultPresets.map(
            ({
              name,
              detail,
              rule,
            }) => html`<button type="button" class="preset" key=${name} onClick=${() => void run(`${name}.`, () => addFault(rule))}>
              <span class=${`box box-${rule.box}`}>${rule.box}</span><strong>${name}</strong><small>${detail}</small>
            </button>`,
          )}
        </div>
        <${FaultForm} onAdd=${(rule: Parameters<typeof addFault>[0]) => void run('Added.', () => addFault(rule))} />
      </section>
      <${RolloutForms} key=${world?.bootId} run=${run} />
      <section>
        <h3>Begin again</h3>
        <p class="world-note">Slack, GitHub and the cluster are as they were at the start, and nothing is broken. Time goes on, and so does the app with what it remembers.</p>
        ${
          isSure
            ? html`<div class="world-row">
                <button type="button" class="button" onClick=${() => setIsSure(false)}>Keep it</button>
                <button type="button" class="button button-danger-solid" onClick=${() => {
                  setIsSure(false);
                  void run('The world is new.', resetWorld);
                }}>Yes, reset the world</button>
              </div>`
            : html`<button type="button" class="button button-danger" onClick=${() => setIsSure(true)}>Reset the world</button>`
        }
      </section>
    </div>
  </${Drawer}>`;
}
