/** Runners of one's own for GitHub Actions, by the actions runner controller (`actions.github.com/v1alpha1`). */
import { z } from 'zod';
import { dnsLabel } from '../../../core/names.ts';
import { customResourceStep, removeCustomResource } from './custom-resource.ts';
import { type PartBuilder, settingsOf } from './part.ts';

const title = 'Runner scale set';

const object = { apiVersion: 'actions.github.com/v1alpha1', kind: 'AutoscalingRunnerSet' };

const settingsSchema = z.strictObject({
  /** `runs-on` in a workflow names it. */
  name: dnsLabel.max(45).optional(),
  /** Of the repository or organisation that may use them. */
  url: z.url({ protocol: /^https$/ }),
  /** The Secret with the GitHub App that registers them; the cluster must put it into new namespaces by itself. */
  secret: dnsLabel,
  min: z.int().min(0).max(20).default(0),
  max: z.int().min(1).max(20).default(2),
  image: z.string().min(1).default('ghcr.io/actions/actions-runner:latest'),
});

export const runnerScaleSet: PartBuilder = {
  title,
  liesIn: 'namespace',
  step(order) {
    const { name, url, secret, min, max, image } = settingsOf(settingsSchema, title, order);
    return customResourceStep(order, title, {
      ...object,
      name,
      spec: () => ({
        githubConfigUrl: url,
        githubConfigSecret: secret,
        minRunners: Math.min(min, max),
        maxRunners: max,
        template: {
          spec: { containers: [{ name: 'runner', image, command: ['/home/runner/run.sh'] }] },
        },
      }),
    });
  },

  remove(part, environment, context) {
    const { name } = settingsOf(settingsSchema, title, part);
    return removeCustomResource(part, { ...object, name }, environment, context);
  },
};
