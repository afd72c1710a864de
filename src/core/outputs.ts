/** What a finished request hands over, and the environment that it may have made. */
import type { EnvironmentObject, MadePart } from './blueprint.ts';
import type { Delegation } from './delegation.ts';
import type { Moment, PersonId, RequestId } from './ids.ts';
import type { LifeChange } from './life.ts';
import type { LockChange } from './lock-life.ts';

/** What a finished request hands over. Addresses and names only: never a secret. */
export interface Outputs {
  readonly links: readonly { readonly label: string; readonly url: string }[];
  /** Sentences for the requester: where the connection details are, how to read them with their own rights. */
  readonly notes: readonly string[];
  readonly environment?: KnownEnvironment;
  /** What it did to an environment; `requestId` is the request that made that. */
  readonly environmentChange?: { readonly requestId: RequestId; readonly change: LifeChange };
  /** What it did to locks; `requestId` is the request that took the lock. */
  readonly lockChanges?: readonly { readonly requestId: RequestId; readonly change: LockChange }[];
  /** The voice that its requester has lent: it takes the place of what they had lent before. */
  readonly delegation?: Delegation;
  /** Who has taken theirs back. */
  readonly delegationEnded?: PersonId;
}

export interface KnownEnvironment {
  readonly name: string;
  readonly blueprint: string;
  readonly team: string;
  readonly cluster: string;
  readonly namespace: string;
  readonly requestId: RequestId;
  readonly url: string;
  readonly expiresAt: Moment;
  /** What its blueprint made, in the order in which it was made; the room around it is not listed. */
  readonly objects?: readonly EnvironmentObject[];
  /** What it has beside the cluster's objects: taken away with it. */
  readonly parts?: readonly MadePart[];
  /** Secrets with its connection details, and their keys; never a value. */
  readonly secrets?: readonly { readonly name: string; readonly keys: readonly string[] }[];
}
