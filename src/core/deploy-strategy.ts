/** How a version of a service gets out: by a workflow, by a pull request to a GitOps repository, or by its image. */
import { z } from 'zod';

const repositoryName = z.string().regex(/^[\w.-]+\/[\w.-]+$/, 'write owner/name');

/**
 * `${version}` is the tag as it is named, `${number}` the same without a leading v, `${commit}` the whole hash,
 * `${service}` and `${environment}` are the catalog's names.
 */
const template = z
  .string()
  .min(1)
  .refine(
    (text) => !text.replaceAll(/\$\{(?:service|environment|version|number|commit)\}/g, '').includes('${'),
    // biome-ignore lint/suspicious/noTemplateCurlyInString: filled by fillDelivered, not by JavaScript.
    'use only ${service}, ${environment}, ${version}, ${number} and ${commit}',
  );

const workflow = z.strictObject({
  by: z.literal('workflow'),
  /** The workflow file that deploys it: takes the inputs `version`, `environment` and `greenlight_request`. */
  workflow: z.string().default('deploy.yml'),
});

/** Where in a YAML file the version stands. */
export const yamlPlaceSchema = z.union([
  /** Keys and indexes: `[spec, values, image, tag]`. */
  z.strictObject({ path: z.array(z.union([z.string(), z.int().min(0)])).min(1) }),
  /** The `newTag` of the image of this name, in a kustomization. */
  z.strictObject({ kustomizeImage: z.string().min(1) }),
]);
export type YamlPlace = z.infer<typeof yamlPlaceSchema>;

/** The controller's own object that brings the change to the cluster; its health is waited for. */
const syncSchema = z.strictObject({
  apiVersion: z.string().min(1),
  kind: z.string().min(1),
  name: template,
  namespace: template,
});

const gitops = z.strictObject({
  by: z.literal('gitops'),
  repository: repositoryName,
  branch: z.string().default('main'),
  file: template,
  at: yamlPlaceSchema,
  /** What is written there. */
  // biome-ignore lint/suspicious/noTemplateCurlyInString: filled by fillDelivered, not by JavaScript.
  value: template.default('${number}'),
  sync: syncSchema.optional(),
});

const image = z.strictObject({
  by: z.literal('image'),
  image: template,
  /** The container whose image it is; the only one when not given. */
  container: z.string().optional(),
});

export const deployStrategySchema = z.discriminatedUnion('by', [workflow, gitops, image]);
export type DeployStrategy = z.infer<typeof deployStrategySchema>;

/** What a template is filled with. */
export interface Delivered {
  readonly service: string;
  readonly environment: string;
  readonly version: string;
  readonly commit: string;
}

export function fillDelivered(text: string, delivered: Delivered): string {
  const values: Readonly<Record<string, string>> = {
    ...delivered,
    number: delivered.version.replace(/^v(?=\d)/, ''),
  };
  return text.replaceAll(/\$\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole);
}
