/** What a deployment of Greenlight says of itself: its workspace, its forge, its clusters and where its files are. */
import type { AuditSettings } from '../background/audit-keeper.ts';
import type { PlatformSettings } from '../background/platform-news.ts';
import type { SlackMode } from '../handlers/slack-app.ts';
import type { HealthSettings } from '../health.ts';
import type { GithubAuth } from '../platforms/github/client.ts';
import type { OnCallSettings } from '../platforms/oncall/schedules.ts';
import type { PrometheusSettings } from '../platforms/prometheus/connect.ts';
import type { VaultSettings } from '../platforms/vault/connect.ts';
import type { DatabasePlace } from '../store/open-store.ts';

export interface AppSettings {
  readonly slack: {
    readonly transport: SlackMode;
    readonly botToken: string;
    /** Slack's own when not given; ends with `/api/`. */
    readonly apiUrl?: string;
    /** The workspace that the token must belong to; any when not given. */
    readonly teamId?: string;
    /** Channel ids. */
    readonly channels: Readonly<Record<'requests' | 'deploys', string>>;
    /** The id of the channel in which emergencies are told; the one for requests when not given. */
    readonly alerts?: string;
    /** The channel of the platform team; it hears of nothing when not given. */
    readonly platform?: PlatformSettings;
    /** Ids of shared channels in which cards are welcome. */
    readonly allowedSharedChannels: readonly string[];
  };
  readonly github: { readonly auth: GithubAuth; readonly baseUrl?: string };
  /** A file's path, or the text itself. */
  readonly kubeconfig: string | { readonly literal: string };
  /** Where numbers are asked for; none when not given. */
  readonly prometheus?: PrometheusSettings;
  /** With what schedules are asked for that the catalog names. */
  readonly onCall?: OnCallSettings;
  /** Where secret values are kept; none when not given. */
  readonly vault?: VaultSettings;
  /** With what second factors are sealed, as codes/sealing.ts reads it; none when not given. */
  readonly secretsKey?: string;
  /** Signed, anchored, streamed and redacted as it says; chained in any case. */
  readonly audit?: AuditSettings;
  /** Where `policy.yml` and `catalog.yml` are. */
  readonly dataFolder: string;
  readonly database: DatabasePlace;
  /** Where health checks are answered; nowhere when not given. */
  readonly health?: HealthSettings;
}
