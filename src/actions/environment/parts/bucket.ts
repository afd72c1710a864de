/** A bucket, by claim (`objectbucket.io/v1alpha1`, as Rook and NooBaa serve it): its keys are in a Secret of its name. */
import { z } from 'zod';
import { dnsLabel } from '../../../core/names.ts';
import { customResourceStep, removeCustomResource } from './custom-resource.ts';
import { type PartBuilder, settingsOf } from './part.ts';

const title = 'Bucket';

const object = { apiVersion: 'objectbucket.io/v1alpha1', kind: 'ObjectBucketClaim' };

const settingsSchema = z.strictObject({
  /** Of the claim, and so of the Secret and the ConfigMap that say how to reach it. */
  name: dnsLabel.optional(),
  storageClass: dnsLabel,
});

export const bucket: PartBuilder = {
  title,
  liesIn: 'namespace',
  step(order) {
    const { name, storageClass } = settingsOf(settingsSchema, title, order);
    return customResourceStep(order, title, {
      ...object,
      name,
      // The operator adds what makes it the only one of that name, anywhere.
      spec: ({ environment }) => ({ storageClassName: storageClass, generateBucketName: environment.name }),
    });
  },

  remove(part, environment, context) {
    const { name } = settingsOf(settingsSchema, title, part);
    return removeCustomResource(part, { ...object, name }, environment, context);
  },
};
