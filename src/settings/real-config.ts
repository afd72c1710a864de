/** The configuration of the real thing, put together from its settings; what is missing is noted, all of it. */
import { join } from 'node:path';
import type { DatabasePlace } from '../store/open-store.ts';
import type { CommonConfig, GithubAuthConfig, Mistake, RealConfig, SlackConfig } from './config.ts';
import { fixOfDatabaseFile, fixOfDatabaseUrl } from './database-mistakes.ts';
import { Secret } from './secret.ts';
import type { SettingName, Settings } from './settings.ts';

/** Writes what is missing into `mistakes`; without a result when something is. */
export function realConfig(
  settings: Settings,
  common: CommonConfig & { readonly isProduction: boolean },
  readFile: (path: string) => string,
  mistakes: Mistake[],
): RealConfig | undefined {
  const slack = slackConfig(settings, mistakes);
  const auth = githubAuth(settings, readFile, mistakes);
  const kubeconfig = need(
    settings,
    'KUBECONFIG',
    'the path of a kubeconfig for the clusters in the catalog',
    mistakes,
  );
  if (kubeconfig !== undefined) tryFile('KUBECONFIG', kubeconfig, readFile, mistakes);
  const prometheus = prometheusConfig(settings, mistakes);
  const vault = vaultConfig(settings, readFile, mistakes);
  const audit = auditConfig(settings, mistakes);
  const database = databasePlace(settings, mistakes);
  if (!slack || !auth || kubeconfig === undefined) return undefined;
  const github = { apiUrl: settings.GITHUB_API_URL, auth };
  return {
    ...common,
    kind: 'real',
    slack,
    github,
    kubeconfig,
    audit,
    database,
    ...prometheus,
    ...vault,
    ...onCallConfig(settings),
    ...(settings.GREENLIGHT_SECRETS_KEY ? { secretsKey: settings.GREENLIGHT_SECRETS_KEY } : {}),
  };
}

/** The file in the data folder, unless another or a PostgreSQL is named. */
function databasePlace(settings: Settings, mistakes: Mistake[]): DatabasePlace {
  const { DATABASE_URL: url, GREENLIGHT_DATABASE: file, GREENLIGHT_DATA_DIR: folder } = settings;
  const note = (setting: SettingName, fix: string | undefined) => {
    if (fix !== undefined) mistakes.push({ setting, fix });
  };
  if (!url) {
    if (file !== undefined) note('GREENLIGHT_DATABASE', fixOfDatabaseFile(file));
    return { file: file ?? join(folder, 'greenlight.db') };
  }
  if (file !== undefined) {
    note('GREENLIGHT_DATABASE', 'DATABASE_URL names the database already: take one of the two out');
  }
  note('DATABASE_URL', fixOfDatabaseUrl(url.reveal()));
  return { url };
}

/** The chain needs nothing; a signature needs a key, and what is not signed is worth no anchor. */
function auditConfig(settings: Settings, mistakes: Mistake[]): RealConfig['audit'] {
  const { GREENLIGHT_AUDIT_KEY: key, GREENLIGHT_AUDIT_SINK_TOKEN: sinkToken } = settings;
  const { GREENLIGHT_AUDIT_ANCHORS: anchors, GREENLIGHT_AUDIT_SINKS: sinks } = settings;
  if (anchors.length > 0 && !key) {
    need(
      settings,
      'GREENLIGHT_AUDIT_KEY',
      'the key that anchors are signed with: `greenlight audit key`',
      mistakes,
    );
  }
  return {
    anchors,
    sinks,
    ...(key ? { key } : {}),
    ...(sinkToken ? { sinkToken } : {}),
    ...(settings.GREENLIGHT_AUDIT_KEEP === undefined ? {} : { keepMs: settings.GREENLIGHT_AUDIT_KEEP }),
  };
}

/** Who is on call may be written in the catalog: neither is a must. */
function onCallConfig(settings: Settings): Pick<RealConfig, 'onCall'> {
  const { PAGERDUTY_TOKEN: token, PAGERDUTY_API_URL: url, ONCALL_TOKEN: bearer } = settings;
  if (!token && !bearer) return {};
  return {
    onCall: { ...(bearer ? { token: bearer } : {}), ...(token ? { pagerduty: { token, url } } : {}) },
  };
}

/** Numbers are no must: without an address there are none. */
function prometheusConfig(settings: Settings, mistakes: Mistake[]): Pick<RealConfig, 'prometheus'> {
  const { PROMETHEUS_URL: url, PROMETHEUS_TOKEN: token } = settings;
  if (token && url === undefined)
    need(settings, 'PROMETHEUS_URL', 'the address that the token is for', mistakes);
  return url === undefined ? {} : { prometheus: { url, ...(token ? { token } : {}) } };
}

/** The secret store is no must: without it people read connection details with their own rights alone. */
function vaultConfig(
  settings: Settings,
  readFile: (path: string) => string,
  mistakes: Mistake[],
): Pick<RealConfig, 'vault'> {
  const { VAULT_ADDR: url, VAULT_TOKEN: token, VAULT_NAMESPACE: namespace, VAULT_CACERT: file } = settings;
  if (url === undefined && token === undefined) return {};
  if (url === undefined) need(settings, 'VAULT_ADDR', 'the address that the token is for', mistakes);
  if (!token) need(settings, 'VAULT_TOKEN', 'a token with the policy in deploy/vault-policy.hcl', mistakes);
  const ca = file === undefined ? undefined : tryFile('VAULT_CACERT', file, readFile, mistakes);
  if (url === undefined || !token) return {};
  return {
    vault: {
      ...{ url, token, place: settings.VAULT_ENVIRONMENTS_PATH },
      ...(namespace === undefined ? {} : { namespace }),
      ...(ca === undefined ? {} : { certificateAuthority: ca }),
    },
  };
}

function slackConfig(settings: Settings, mistakes: Mistake[]): SlackConfig | undefined {
  const botToken = need(
    settings,
    'SLACK_BOT_TOKEN',
    'the "Bot User OAuth Token" from "OAuth & Permissions"',
    mistakes,
  );
  const receiver = slackReceiver(settings, mistakes);
  const teamId = need(settings, 'SLACK_TEAM_ID', "the workspace's id, like T0123ABCD", mistakes);
  const requests = need(
    settings,
    'GREENLIGHT_REQUESTS_CHANNEL',
    'the id of the channel for requests',
    mistakes,
  );
  const deploys = need(settings, 'GREENLIGHT_DEPLOYS_CHANNEL', 'the id of the channel for deploys', mistakes);
  if (!botToken || !receiver || !teamId || !requests || !deploys) return undefined;
  return {
    botToken,
    teamId,
    apiUrl: settings.SLACK_API_URL,
    channels: { requests, deploys },
    ...(settings.GREENLIGHT_ALERTS_CHANNEL === undefined
      ? {}
      : { alerts: settings.GREENLIGHT_ALERTS_CHANNEL }),
    ...(settings.GREENLIGHT_PLATFORM_CHANNEL === undefined
      ? {}
      : {
          platform: {
            channel: settings.GREENLIGHT_PLATFORM_CHANNEL,
            reportTimes: settings.GREENLIGHT_REPORT_TIMES,
          },
        }),
    sharedChannels: settings.GREENLIGHT_SHARED_CHANNELS,
    receiver,
  };
}

function slackReceiver(settings: Settings, mistakes: Mistake[]): SlackConfig['receiver'] | undefined {
  if (settings.SLACK_MODE === 'socket') {
    const appToken = need(
      settings,
      'SLACK_APP_TOKEN',
      'an app-level token with the scope connections:write, or choose SLACK_MODE=http',
      mistakes,
    );
    return appToken && { mode: 'socket', appToken };
  }
  const signingSecret = need(
    settings,
    'SLACK_SIGNING_SECRET',
    'the signing secret from "Basic Information"',
    mistakes,
  );
  return signingSecret && { mode: 'http', signingSecret, host: settings.HOST, port: settings.PORT };
}

function githubAuth(
  settings: Settings,
  readFile: (path: string) => string,
  mistakes: Mistake[],
): GithubAuthConfig | undefined {
  const file = settings.GITHUB_APP_PRIVATE_KEY_FILE;
  const ofApp = [
    settings.GITHUB_APP_ID,
    settings.GITHUB_INSTALLATION_ID,
    settings.GITHUB_APP_PRIVATE_KEY,
    file,
  ];
  if (ofApp.every((one) => one === undefined)) {
    const token = need(
      settings,
      'GITHUB_TOKEN',
      'a token, or GITHUB_APP_ID, GITHUB_APP_PRIVATE_KEY(_FILE) and GITHUB_INSTALLATION_ID of a GitHub App',
      mistakes,
    );
    return token && { kind: 'token', token };
  }
  if (settings.GITHUB_TOKEN) {
    mistakes.push({
      setting: 'GITHUB_TOKEN',
      fix: 'take it away, or the settings of the GitHub App: only one can be meant',
    });
  }
  const appId = need(settings, 'GITHUB_APP_ID', "the app's number", mistakes);
  const installationId = need(settings, 'GITHUB_INSTALLATION_ID', "the installation's number", mistakes);
  const privateKey =
    file === undefined
      ? need(
          settings,
          'GITHUB_APP_PRIVATE_KEY',
          "the app's private key, or its path as GITHUB_APP_PRIVATE_KEY_FILE",
          mistakes,
        )
      : keyFrom(file, readFile, mistakes);
  return appId && installationId && privateKey
    ? { kind: 'app', appId, installationId, privateKey }
    : undefined;
}

function keyFrom(file: string, readFile: (path: string) => string, mistakes: Mistake[]): Secret | undefined {
  const text = tryFile('GITHUB_APP_PRIVATE_KEY_FILE', file, readFile, mistakes);
  if (text === undefined) return undefined;
  if (text.trimStart().startsWith('-----BEGIN')) return new Secret(text);
  mistakes.push({ setting: 'GITHUB_APP_PRIVATE_KEY_FILE', fix: `${file} holds no private key (PEM)` });
  return undefined;
}

function tryFile(
  setting: SettingName,
  file: string,
  readFile: (path: string) => string,
  mistakes: Mistake[],
): string | undefined {
  try {
    return readFile(file);
  } catch {
    mistakes.push({
      setting,
      fix: `${file} cannot be read: give the path of a file that this process may read`,
    });
    return undefined;
  }
}

function need<Name extends SettingName>(
  settings: Settings,
  setting: Name,
  what: string,
  mistakes: Mistake[],
): Settings[Name] | undefined {
  const isWrong = mistakes.some((mistake) => mistake.setting === setting);
  if (settings[setting] === undefined && !isWrong) mistakes.push({ setting, fix: `missing: ${what}` });
  return settings[setting];
}
