/** `/promote`: what runs in one environment goes to the next, for several services in one request. */
import { z } from 'zod';
import { type ChangeAction, defineAction, type FieldMeta, type Target } from '../core/action.ts';
import { lockKeyOf } from '../core/lock-key.ts';
import { tiers } from '../core/names.ts';
import { ok, problem, type Result, refuse } from '../core/problem.ts';
import { listOf } from '../core/text.ts';
import { previewSet } from './deploy/promote-preview.ts';
import { servicesIn, servicesMax, setSteps } from './deploy/set.ts';
import { environmentField } from './service/fields.ts';
import { serviceTarget } from './service/place.ts';

const input = z.strictObject({
  services: z
    .string()
    .min(1)
    .max(700)
    .meta({
      title: 'Services',
      description: 'Which ones, with commas between them; they go out in this order.',
      placeholder: 'payments,checkout',
      decides: true,
    } satisfies FieldMeta),
  from: environmentField('Where they run already.'),
  to: environmentField('Where they go.'),
});
type Input = z.infer<typeof input>;

const promote: ChangeAction<typeof input> = {
  title: 'Promote services',
  summary: 'Bring what runs in one environment to the next.',
  effect: 'change',
  channel: 'deploys',
  command: {
    slash: '/promote',
    positional: [{ field: 'services' }, { field: 'from', word: 'from' }, { field: 'to', word: 'to' }],
    examples: ['/promote payments,checkout from staging to production'],
  },
  input,

  target: (asked, { catalog }) =>
    targetOf(asked, (service, environment) => serviceTarget({ service, environment }, catalog)),

  locks: ({ services, to }) => ({ keys: servicesIn(services).map((service) => lockKeyOf(service, to)) }),

  preview: ({ services, from, to }, context) =>
    previewSet({ services: servicesIn(services), from, to }, context),

  steps: ({ services, to }, catalog) => setSteps(servicesIn(services), to, catalog),

  outputs({ services, to }) {
    const names = servicesIn(services);
    return {
      links: [],
      notes: [`${listOf(names)} ${names.length === 1 ? 'runs' : 'run'} in ${to} now. See \`/deploys\`.`],
    };
  },
};

export default defineAction(promote);

/** With the strictest tier and every owner; what is wrong with one service is wrong with the field that names it. */
function targetOf(
  { services, from, to }: Input,
  find: (service: string, environment: string) => Result<Target>,
): Result<Target> {
  const names = servicesIn(services);
  const mistake = mistakeOf(names, from, to);
  if (mistake !== undefined) {
    return refuse(
      problem('bad_input', mistake, 'Correct it and ask again.', { fields: { services: mistake } }),
    );
  }
  const targets: Target[] = [];
  for (const name of names) {
    for (const environment of [from, to]) {
      const found = find(name, environment);
      if (!found.ok) return atField(found, environment === from ? 'from' : 'to');
      if (environment === to) targets.push(found.value);
    }
  }
  const rank = Math.max(...targets.map((target) => tiers.indexOf(target.tier)));
  const [only, ...others] = targets;
  const owners = [...new Set(targets.flatMap((target) => target.service?.owners ?? []))];
  return ok({
    kind: 'service',
    name: `${listOf(names)} in ${to}`,
    tier: tiers[rank] ?? 'production',
    team: others.length === 0 ? (only?.team ?? '') : '',
    service: { name: others.length === 0 ? (names[0] ?? '') : '', owners },
  });
}

function mistakeOf(names: readonly string[], from: string, to: string): string | undefined {
  if (names.length === 0) return 'Name at least one service.';
  if (names.length > servicesMax)
    return `${names.length} services are more than the ${servicesMax} that go together.`;
  return from === to ? `They run in ${from} already: name another environment to go to.` : undefined;
}

function atField(found: Extract<Result<Target>, { ok: false }>, field: 'from' | 'to'): Result<Target> {
  const { environment, service } = found.problem.fields ?? {};
  const fields = environment === undefined ? { services: service ?? '' } : { [field]: environment };
  return refuse({ ...found.problem, fields });
}
