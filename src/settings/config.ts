/**
 * What the environment says, as one typed value; all its mistakes at once, each with its fix. Nothing set at all means
 * the sandbox. Something set, or production, never does: a bot that answers from a sandbox while people believe in it
 * would be worse than one that does not start.
 */

import type { AuditSettings } from '../background/audit-keeper.ts';
import type { PlatformSettings } from '../background/platform-news.ts';
import { didYouMean, listOf } from '../core/text.ts';
import type { HealthSettings } from '../health.ts';
import type { DatabasePlace } from '../store/open-store.ts';
import { realConfig } from './real-config.ts';
import type { Secret } from './secret.ts';
import { type SettingName, type Settings, settingNames, settingsSchema } from './settings.ts';

export type Config = SandboxConfig | RealConfig;

export interface CommonConfig {
  readonly dataDir: string;
  readonly logLevel: Settings['LOG_LEVEL'];
  /** None: nobody asks how it is. */
  readonly health?: HealthSettings;
}

export interface SandboxConfig extends CommonConfig {
  readonly kind: 'sandbox';
  readonly slackMode: 'socket' | 'http';
  readonly ports: {
    readonly slack: number;
    readonly github: number;
    readonly cluster: number;
    readonly receiver: number;
  };
}

export interface RealConfig extends CommonConfig {
  readonly kind: 'real';
  readonly isProduction: boolean;
  readonly database: DatabasePlace;
  readonly slack: SlackConfig;
  readonly github: { readonly apiUrl: string; readonly auth: GithubAuthConfig };
  /** The path of a kubeconfig; the catalog's clusters name its contexts. */
  readonly kubeconfig: string;
  /** None: no numbers are shown. */
  readonly prometheus?: { readonly url: string; readonly token?: Secret };
  /** For schedules that the catalog names. */
  readonly onCall?: {
    readonly token?: Secret;
    readonly pagerduty?: { readonly token: Secret; readonly url: string };
  };
  /** None: no one-time links are given. */
  readonly vault?: VaultConfig;
  /** None: no second factors, and what wants one is refused. */
  readonly secretsKey?: Secret;
  readonly audit: AuditSettings<Secret>;
}

export interface VaultConfig {
  readonly url: string;
  readonly token: Secret;
  readonly place: string;
  readonly namespace?: string;
  /** PEM. */
  readonly certificateAuthority?: string;
}

export interface SlackConfig {
  readonly botToken: Secret;
  readonly teamId: string;
  /** Ends with a slash. */
  readonly apiUrl: string;
  readonly channels: { readonly requests: string; readonly deploys: string };
  readonly alerts?: string;
  readonly platform?: PlatformSettings;
  /** Channels shared with other organisations in which Greenlight may speak all the same. */
  readonly sharedChannels: readonly string[];
  readonly receiver:
    | { readonly mode: 'socket'; readonly appToken: Secret }
    | {
        readonly mode: 'http';
        readonly signingSecret: Secret;
        readonly host: string;
        readonly port: number;
      };
}

export type GithubAuthConfig =
  | { readonly kind: 'token'; readonly token: Secret }
  | {
      readonly kind: 'app';
      readonly appId: string;
      readonly privateKey: Secret;
      readonly installationId: string;
    };

export interface Mistake {
  readonly setting: string;
  readonly fix: string;
}

/** Its message is for a terminal: one line per mistake, and no value of any setting. */
export class ConfigError extends Error {
  readonly mistakes: readonly Mistake[];
  constructor(intro: string, mistakes: readonly Mistake[]) {
    super([intro, ...mistakes.map(({ setting, fix }) => `  ${setting}: ${fix}`)].join('\n'));
    this.mistakes = mistakes;
  }
}

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * @param readFile gives a file's text, or throws when it cannot be read.
 * @throws ConfigError with everything that is wrong or missing.
 */
export function readConfig(environment: Environment, readFile: (path: string) => string): Config {
  const given = Object.fromEntries(
    // An empty line in an .env file is a setting that nobody has filled in.
    Object.entries(environment).filter(([, value]) => value !== undefined && value !== ''),
  );
  const mistakes: Mistake[] = unknownNames(given);
  const settings = readSettings(given, mistakes);
  const connecting = connections.filter((name) => given[name] !== undefined);
  const isProduction = (settings.GREENLIGHT_ENV ?? settings.NODE_ENV) === 'production';
  const wantsSandbox = settings.GREENLIGHT_ENV === 'sandbox' || (connecting.length === 0 && !isProduction);
  if (wantsSandbox) {
    if (mistakes.length > 0) throw new ConfigError('The settings are wrong:', mistakes);
    return sandboxConfig(settings);
  }
  const real = realConfig(settings, { ...commonConfig(settings), isProduction }, readFile, mistakes);
  if (real && mistakes.length === 0) return real;
  const because = isProduction
    ? 'This is production'
    : `${listOf(connecting)} ${connecting.length === 1 ? 'is' : 'are'} set`;
  throw new ConfigError(
    `${because}, so Greenlight needs its whole configuration. (GREENLIGHT_ENV=sandbox starts the sandbox on purpose.)`,
    mistakes,
  );
}

/** What is wrong is noted and left out, so that what is missing beside it can be told as well. */
function readSettings(given: Readonly<Record<string, unknown>>, mistakes: Mistake[]): Settings {
  const parsed = settingsSchema.safeParse(given);
  if (parsed.success) return parsed.data;
  const wrong = new Set<string>();
  for (const issue of parsed.error.issues) {
    wrong.add(String(issue.path[0]));
    mistakes.push({ setting: String(issue.path[0]), fix: issue.message });
  }
  return settingsSchema.parse(Object.fromEntries(Object.entries(given).filter(([name]) => !wrong.has(name))));
}

/**
 * Setting one of these means that the real thing is wanted. GITHUB_TOKEN and KUBECONFIG are not among them: many a laptop
 * exports them for other programs, and that must not keep a newcomer from the sandbox, which never reads them.
 */
const connections: readonly SettingName[] = [
  'SLACK_BOT_TOKEN',
  'SLACK_APP_TOKEN',
  'SLACK_SIGNING_SECRET',
  'SLACK_TEAM_ID',
  'GREENLIGHT_REQUESTS_CHANNEL',
  'GREENLIGHT_DEPLOYS_CHANNEL',
  'GREENLIGHT_ALERTS_CHANNEL',
  'GREENLIGHT_PLATFORM_CHANNEL',
  'GREENLIGHT_SHARED_CHANNELS',
  'GITHUB_APP_ID',
  'GITHUB_APP_PRIVATE_KEY',
  'GITHUB_APP_PRIVATE_KEY_FILE',
  'GITHUB_INSTALLATION_ID',
];

/** Only our own prefix: the other names belong to many programs. */
function unknownNames(given: Readonly<Record<string, unknown>>): Mistake[] {
  return Object.keys(given)
    .filter((name) => name.startsWith('GREENLIGHT_') && !(name in settingsSchema.shape))
    .map((name) => ({
      setting: name,
      fix: `there is no such setting.${didYouMean(
        name,
        settingNames.filter((one) => one.startsWith('GREENLIGHT_')),
      )}`,
    }));
}

function commonConfig(settings: Settings): CommonConfig {
  const { GREENLIGHT_DATA_DIR: dataDir, GREENLIGHT_HEALTH_PORT: port } = settings;
  return {
    dataDir,
    logLevel: settings.LOG_LEVEL,
    ...(port === undefined ? {} : { health: { port, host: settings.HOST } }),
  };
}

function sandboxConfig(settings: Settings): SandboxConfig {
  const first = settings.GREENLIGHT_SANDBOX_PORT;
  return {
    ...commonConfig(settings),
    kind: 'sandbox',
    slackMode: settings.SLACK_MODE,
    ports: { slack: first, github: first + 1, cluster: first + 2, receiver: first + 3 },
  };
}
