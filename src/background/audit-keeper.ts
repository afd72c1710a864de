/** The audit of a running bot, as the settings want it. */
import { readSigner } from '../audit/checkpoint.ts';
import type { FollowedStore } from '../audit/follow/follower.ts';
import { type Followed, type KeptAudit, keepAudit } from '../audit/follow/keep-audit.ts';
import { type Deliver, fileInGit, toFile, toGit, toHttp } from '../audit/follow/places.ts';
import type { Clock, Log, Scheduler } from '../core/ports.ts';
import { ProblemError, problem } from '../core/problem.ts';
import { type AuditPlace, nameOfPlace } from '../settings/audit-places.ts';
import { anchorMessage } from '../slack/audit-anchor.ts';
import type { SlackMessage } from '../slack/blocks.ts';

/** `Text`: what its secrets are kept as, which until they are used is a text that prints as nothing. */
export interface AuditSettings<Text = string> {
  /** As `greenlight audit key` prints it. None: the chain is not signed. */
  readonly key?: Text;
  readonly anchors: readonly AuditPlace[];
  readonly sinks: readonly AuditPlace[];
  readonly sinkToken?: Text;
  /** None: content is kept for good. */
  readonly keepMs?: number;
}

export interface AuditEnvironment {
  readonly store: FollowedStore;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly log: Log;
  draw(): number;
  /** @throws ProblemError when it did not go out. */
  post(channel: string, message: SlackMessage): Promise<void>;
}

/**
 * Nothing when nothing is set.
 * @throws ProblemError `bad_input` when the key is none.
 */
export function startAudit(
  settings: AuditSettings | undefined,
  environment: AuditEnvironment,
): KeptAudit | undefined {
  if (!settings) return undefined;
  const { key, anchors, sinks, sinkToken, keepMs } = settings;
  const signer = key === undefined ? undefined : readSigner(key);
  if (key !== undefined && !signer) {
    throw new ProblemError(
      problem('bad_input', 'The key of the audit is none.', 'Make one with `greenlight audit key`.'),
    );
  }
  const followed = (role: string, place: AuditPlace): Followed => ({
    name: `${role} ${nameOfPlace(place)}`,
    deliver: deliverTo(place, sinkToken, environment),
    ...fileOf(place),
  });
  return keepAudit({
    ...environment,
    ...(signer ? { signer } : {}),
    ...(keepMs === undefined ? {} : { keepMs }),
    anchors: anchors.map((place) => followed('anchor', place)),
    sinks: sinks.map((place) => followed('sink', place)),
  });
}

function fileOf(place: AuditPlace): Pick<Followed, 'file'> {
  if (place.kind === 'file') return { file: place.path };
  return place.kind === 'git' ? { file: fileInGit(place.path) } : {};
}

function deliverTo(place: AuditPlace, token: string | undefined, { post }: AuditEnvironment): Deliver {
  switch (place.kind) {
    case 'file':
      return toFile(place.path);
    case 'git':
      return toGit(place.path);
    case 'http':
      return toHttp({ url: place.url, ...(token === undefined ? {} : { token }) });
    case 'slack':
      return async ({ lines, upTo }) => {
        for (const line of lines) await post(place.channel, anchorMessage(line, upTo));
      };
    default:
      return place satisfies never;
  }
}
