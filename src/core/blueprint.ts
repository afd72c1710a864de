/**
 * What an environment is made of, beside the room that every one gets. A file in `data/blueprints/` says it; the room
 * `blueprints/` compiles it to this: an object whose functions fill expressions in. Pure: the same scope gives the same.
 */
import type { Manifest, ManifestRef } from './cluster.ts';
import type { InputSchema } from './input-schema.ts';
import type { Prices } from './prices.ts';

export interface Blueprint {
  /** The file's name without its ending. */
  readonly name: string;
  readonly title: string;
  readonly description: string;
  /** Of all it was compiled from: an edited blueprint has another, and voids approvals of the one before. */
  readonly digest: string;
  /** What the form suggests. CPU in cores, memory in GiB, for the whole environment. */
  readonly defaults: { readonly cpu: number; readonly memoryGi: number; readonly replicas: number };
  readonly inputs: InputSchema;
  /** Each after all that it needs. */
  readonly resources: readonly BlueprintResource[];
  /**
   * Whether the room has a ServiceAccount `installer` with the rights of the team, for a controller that installs in its
   * name. No Pod of the blueprint runs as it: that one (`workload`) has no rights at all.
   */
  readonly hasInstaller: boolean;
  /** What lies outside the cluster, or is made by a claim; the steps are in actions/environment/parts/. */
  readonly parts: readonly BlueprintPart[];
  /** What it costs an hour beside its size, in the catalog's currency. @throws ProblemError */
  extraPerHour(scope: BlueprintScope, prices: Prices): number;
  /** @throws ProblemError naming the expression that could not be told. */
  outputs(scope: BlueprintScope, observed: Observed): BlueprintOutputs;
  /** What can be done with a living one: `/env do <environment> <operation>`. */
  readonly operations: readonly BlueprintOperation[];
}

/** What expressions may speak of. */
export interface BlueprintScope {
  readonly environment: {
    readonly name: string;
    readonly namespace: string;
    readonly team: string;
    /** Whoever asked for it: the e-mail address, or the id in chat. */
    readonly owner: string;
    /** Cores and GiB of the whole environment. */
    readonly cpu: number;
    readonly memoryGi: number;
    readonly replicas: number;
  };
  /** As `inputs.check` gave it. */
  readonly input: Readonly<Record<string, unknown>>;
  /** For an operation: tells two runs of one apart. Small letters, digits and dashes. */
  readonly operation?: { readonly id: string };
}

/** Resources as the cluster has them now, by their name in the blueprint. */
export type Observed = Readonly<Record<string, Manifest>>;

export interface BlueprintResource {
  readonly name: string;
  readonly apiVersion: string;
  readonly kind: string;
  /** Names of the resources that must be ready before, whether said by `needs` or by a reference. */
  readonly needs: readonly string[];
  /** Names of those whose fields its manifest or its readiness speak of. */
  readonly reads: readonly string[];
  /** Keys of a Secret whose values the cluster's adapter makes up, with how many characters each. */
  readonly generated: Readonly<Record<string, number>>;
  readonly readiness: Readiness;
  /** Whether this environment has it at all (`when`). */
  isWanted(scope: BlueprintScope): boolean;
  /** Where it will be; known before anything is made. */
  ref(scope: BlueprintScope): ManifestRef;
  /** Filled in, in its namespace, without our marks. @throws ProblemError */
  manifest(scope: BlueprintScope, observed: Observed): Manifest;
}

export type Readiness =
  /** By the rules for its kind (core/readiness.ts). */
  | { readonly by: 'health' }
  /** All of these condition types are `True`. */
  | { readonly by: 'conditions'; readonly types: readonly string[] }
  /** `text` is the expression; `self` the resource as the cluster has it. */
  | {
      readonly by: 'expression';
      readonly text: string;
      isReady(self: Manifest, scope: BlueprintScope, observed: Observed): boolean;
    };

export const partKinds = ['github-environment', 'team-membership', 'runner-scale-set', 'bucket'] as const;
export type PartKind = (typeof partKinds)[number];

export interface BlueprintPart {
  readonly name: string;
  readonly kind: PartKind;
  isWanted(scope: BlueprintScope): boolean;
  /** What the file says `with`, filled in; the part's own schema checks it. */
  settings(scope: BlueprintScope): Readonly<Record<string, unknown>>;
}

/** A part that was made: remembered with the environment, so that it can be taken away without its blueprint. */
export interface MadePart {
  readonly name: string;
  readonly kind: PartKind;
  readonly settings: Readonly<Record<string, unknown>>;
  /** What its step remembered. */
  readonly result: Readonly<Record<string, string>>;
}

export interface BlueprintOutputs {
  /** Empty when there is nothing to open. */
  readonly url: string;
  readonly links: readonly { readonly label: string; readonly url: string }[];
  /** Secrets with connection details and their keys: people read the values with their own rights. */
  readonly secrets: readonly { readonly name: string; readonly keys: readonly string[] }[];
  readonly notes: readonly string[];
}

export interface BlueprintOperation {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly inputs: InputSchema;
  /** What it applies, like those of the blueprint; `operation.id` tells two runs of one apart. */
  readonly resources: readonly BlueprintResource[];
  /** What it changes in resources of the blueprint, merged into them (JSON merge patch). */
  readonly patches: readonly BlueprintPatch[];
}

export interface BlueprintPatch {
  /** The resource's name in the blueprint. */
  readonly resource: string;
  change(scope: BlueprintScope): Readonly<Record<string, unknown>>;
}

/** One object that was made for an environment: remembered with the request, whatever becomes of the blueprint. */
export interface EnvironmentObject extends ManifestRef {
  /** Its name in the blueprint. */
  readonly resource: string;
}
