/** From what the environment says to what the app takes: the one place where secrets are uncovered. */
import type { AppSettings } from './app-settings.ts';
import type { RealConfig } from './config.ts';

export function settingsOf(config: RealConfig): AppSettings {
  const { slack, github } = config;
  const { receiver } = slack;
  return {
    slack: {
      transport:
        receiver.mode === 'socket'
          ? { mode: 'socket', appToken: receiver.appToken.reveal() }
          : {
              mode: 'http',
              signingSecret: receiver.signingSecret.reveal(),
              host: receiver.host,
              port: receiver.port,
            },
      botToken: slack.botToken.reveal(),
      apiUrl: slack.apiUrl,
      channels: slack.channels,
      ...(slack.alerts === undefined ? {} : { alerts: slack.alerts }),
      ...(slack.platform === undefined ? {} : { platform: slack.platform }),
      allowedSharedChannels: slack.sharedChannels,
      teamId: slack.teamId,
    },
    github: {
      baseUrl: github.apiUrl,
      auth:
        github.auth.kind === 'token'
          ? { token: github.auth.token.reveal() }
          : {
              appId: github.auth.appId,
              privateKey: github.auth.privateKey.reveal(),
              installationId: Number(github.auth.installationId),
            },
    },
    kubeconfig: config.kubeconfig,
    ...(config.prometheus && {
      prometheus: {
        url: config.prometheus.url,
        ...(config.prometheus.token && { token: config.prometheus.token.reveal() }),
      },
    }),
    ...(config.onCall && { onCall: onCallOf(config.onCall) }),
    ...(config.vault && { vault: { ...config.vault, token: config.vault.token.reveal() } }),
    ...(config.secretsKey && { secretsKey: config.secretsKey.reveal() }),
    audit: auditOf(config.audit),
    dataFolder: config.dataDir,
    database: config.database,
    ...(config.health && { health: config.health }),
  };
}

function onCallOf({
  token,
  pagerduty,
}: NonNullable<RealConfig['onCall']>): NonNullable<AppSettings['onCall']> {
  return {
    ...(token && { token: token.reveal() }),
    ...(pagerduty && { pagerduty: { token: pagerduty.token.reveal(), url: pagerduty.url } }),
  };
}

function auditOf({ key, sinkToken, ...rest }: RealConfig['audit']): NonNullable<AppSettings['audit']> {
  return {
    ...rest,
    ...(key && { key: key.reveal() }),
    ...(sinkToken && { sinkToken: sinkToken.reveal() }),
  };
}
