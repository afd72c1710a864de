/** What an import has found: to be added to the catalog, and what of it had to be left out. */
import type { Tier } from '../../core/names.ts';

export interface Found {
  readonly services: Readonly<Record<string, FoundService>>;
  readonly groups: Readonly<Record<string, FoundGroup>>;
  readonly left: readonly LeftOut[];
}

/** Only what was said there; the rest is for whoever owns the catalog. */
export interface FoundService {
  readonly title: string;
  readonly description?: string;
  readonly lifecycle?: 'experimental' | 'production' | 'deprecated';
  readonly tags?: readonly string[];
  readonly dependsOn?: readonly string[];
  readonly links?: readonly { readonly title: string; readonly url: string }[];
  readonly owners: readonly string[];
  readonly repository: string;
  readonly environments: Readonly<Record<string, FoundEnvironment>>;
}

export interface FoundEnvironment {
  readonly tier: Tier;
  readonly cluster: string;
  readonly namespace: string;
  readonly deployment?: string;
}

export interface FoundGroup {
  readonly title: string;
  /** E-mail addresses. */
  readonly members: readonly string[];
}

export interface LeftOut {
  /** `Component artist-lookup (catalog-info.yaml)`. */
  readonly what: string;
  /** One sentence with what to do about it. */
  readonly why: string;
}

/** `Artist Lookup` and `artist_lookup` as a name of ours; `undefined` when nothing is left of it. */
export function nameOf(text: string): string | undefined {
  const name = text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/gu, '-')
    .slice(0, 63)
    .replaceAll(/^-+|-+$/gu, '');
  return name === '' ? undefined : name;
}

const production = /^(?:prod|production|live|prd)$/u;
const staging = /^(?:stag(?:e|ing)|stg|pre-?prod|uat|acceptance|qa)$/u;

/** What people call their environments, by the care that they need. */
export function tierOf(environment: string): Tier {
  if (production.test(environment)) return 'production';
  return staging.test(environment) ? 'staging' : 'dev';
}
