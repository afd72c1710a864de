/** What the environment may say, and what it is told when it is wrong. */
import { readFileSync } from 'node:fs';
import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { newSigningKey, readSigner } from '../../src/audit/checkpoint.ts';
import { nameOfPlace } from '../../src/settings/audit-places.ts';
import { ConfigError, type Environment, readConfig } from '../../src/settings/config.ts';
import { settingNames } from '../../src/settings/settings.ts';

const key = '-----BEGIN PRIVATE KEY-----\nabc\n-----END PRIVATE KEY-----\n';
const files: Readonly<Record<string, string>> = {
  '/etc/kube/config': 'apiVersion: v1',
  '/etc/key.pem': key,
  '/etc/other': 'words',
};

const socket = {
  SLACK_BOT_TOKEN: 'xoxb-not-a-real-token',
  SLACK_APP_TOKEN: 'xapp-not-a-real-token',
  SLACK_TEAM_ID: 'T0123ABCD',
  GREENLIGHT_REQUESTS_CHANNEL: 'C0REQUESTS',
  GREENLIGHT_DEPLOYS_CHANNEL: 'C0DEPLOYS',
  GITHUB_TOKEN: 'not-a-real-token-of-github',
  KUBECONFIG: '/etc/kube/config',
} satisfies Environment;

const signingSecret = '0123456789abcdef0123456789abcdef';

describe('the configuration', () => {
  test('the database is a file in the data folder, another file, or a PostgreSQL that is shown to nobody', () => {
    const databaseOf = (more: Environment) => {
      const config = read({ ...socket, ...more });
      return config.kind === 'real' ? config.database : undefined;
    };
    expect(databaseOf({})).toEqual({ file: 'data/greenlight.db' });
    expect(databaseOf({ GREENLIGHT_DATA_DIR: '/srv' })).toEqual({ file: '/srv/greenlight.db' });
    expect(databaseOf({ GREENLIGHT_DATABASE: '/mnt/one.db' })).toEqual({ file: '/mnt/one.db' });
    const url = 'postgresql://bot:hunter2@db.example.com/greenlight';
    const place = databaseOf({ DATABASE_URL: url });
    expect(place && 'url' in place && place.url.reveal()).toBe(url);
    expect(inspect(place)).not.toContain('hunter2');
  });

  test('a database that is no PostgreSQL, or named twice, is refused without a word of its address', () => {
    const wrong = errorOf({
      ...{ ...socket, DATABASE_URL: 'mysql://bot:hunter2@db/greenlight' },
      GREENLIGHT_DATABASE: '/mnt/one.db',
    });
    expect(wrong.mistakes.map(({ setting }) => setting)).toEqual(['GREENLIGHT_DATABASE', 'DATABASE_URL']);
    expect(wrong.message).not.toContain('hunter2');
  });

  test.each([
    [{ GREENLIGHT_DATABASE: 'postgresql://bot:hunter2@db/greenlight' }, 'write it as DATABASE_URL'],
    [{ GREENLIGHT_DATABASE: '/mnt/hunter2.db\r' }, 'at its beginning or end'],
    [{ DATABASE_URL: ' postgresql://bot:hunter2@db/greenlight' }, 'at its beginning or end'],
    [{ DATABASE_URL: 'postgresql://bot:hunter2@db/greenlight\r' }, 'at its beginning or end'],
  ])('a place that would become another database than is meant is refused: %j', (more, words) => {
    const wrong = errorOf({ ...socket, ...more });
    expect(wrong.mistakes).toEqual([{ setting: Object.keys(more)[0], fix: expect.stringContaining(words) }]);
    expect(wrong.message).not.toContain('hunter2');
  });

  test("another program's database keeps nobody from the sandbox", () => {
    expect(read({ DATABASE_URL: 'mysql://bot:hunter2@db/shop' }).kind).toBe('sandbox');
  });

  test('keys for second factors are read whole, with older ones behind, and shown to nobody', () => {
    const fresh = Buffer.alloc(32, 1).toString('base64');
    const both = `2027-01:${fresh},2026-11:${Buffer.alloc(32, 2).toString('base64')}`;
    const config = read({ ...socket, GREENLIGHT_SECRETS_KEY: both });
    expect(config.kind === 'real' && config.secretsKey?.reveal()).toBe(both);
    expect(inspect(config)).not.toContain(fresh);
    for (const wrong of ['secret', fresh, `2027-01:${fresh.slice(4)}`]) {
      expect(mistakesOf({ ...socket, GREENLIGHT_SECRETS_KEY: wrong })).toEqual(['GREENLIGHT_SECRETS_KEY']);
    }
  });

  test('the audit is chained without any setting, and goes where the settings say', () => {
    const auditOf = (more: Environment) => {
      const config = read({ ...socket, ...more });
      return config.kind === 'real' ? config.audit : undefined;
    };
    expect(auditOf({})).toEqual({ anchors: [], sinks: [] });
    const key = newSigningKey();
    const audit = auditOf({
      GREENLIGHT_AUDIT_KEY: key,
      GREENLIGHT_AUDIT_ANCHORS: 'slack:C0ANCHORS, git:/srv/anchors',
      GREENLIGHT_AUDIT_SINKS: 'https://siem.example.com/in?index=a,file:/var/log/audit.jsonl',
      GREENLIGHT_AUDIT_SINK_TOKEN: 'not-a-real-token',
      GREENLIGHT_AUDIT_KEEP: '365d',
    });
    expect(audit).toMatchObject({
      anchors: [
        { kind: 'slack', channel: 'C0ANCHORS' },
        { kind: 'git', path: '/srv/anchors' },
      ],
      sinks: [
        { kind: 'http', url: 'https://siem.example.com/in?index=a' },
        { kind: 'file', path: '/var/log/audit.jsonl' },
      ],
      keepMs: 365 * 86_400_000,
    });
    expect(audit?.key?.reveal()).toBe(key);
    expect(audit?.sinks.map(nameOfPlace)).toEqual([
      'https://siem.example.com/in',
      'file:/var/log/audit.jsonl',
    ]);
    expect(inspect(audit)).not.toContain(key);
  });

  test.each([
    ['GREENLIGHT_AUDIT_KEY', 'secret'],
    ['GREENLIGHT_AUDIT_KEY', readSigner(newSigningKey())?.publicKey],
    ['GREENLIGHT_AUDIT_SINKS', 'http://siem.example.com/in'],
    ['GREENLIGHT_AUDIT_SINKS', 'https://me:password@siem.example.com/in'],
    ['GREENLIGHT_AUDIT_SINKS', 'slack:C0ANCHORS'],
    ['GREENLIGHT_AUDIT_SINKS', 'file:/a,,file:/b'],
    ['GREENLIGHT_AUDIT_ANCHORS', 'slack:#audit'],
    ['GREENLIGHT_AUDIT_ANCHORS', 'https://siem.example.com'],
    ['GREENLIGHT_AUDIT_KEEP', '30d'],
    ['GREENLIGHT_AUDIT_KEEP', 'a year'],
    ['GREENLIGHT_AUDIT_SINK_TOKEN', 'short'],
  ])('%s=%s is refused with what to write', (name, value) => {
    expect(mistakesOf({ ...socket, [name]: value })).toEqual([name]);
  });

  test('an anchor without a key is refused: it would prove nothing', () => {
    expect(mistakesOf({ ...socket, GREENLIGHT_AUDIT_ANCHORS: 'file:/a' })).toEqual(['GREENLIGHT_AUDIT_KEY']);
  });

  test('nothing set is the sandbox, with its four ports in a row', () => {
    expect(read({})).toEqual({
      kind: 'sandbox',
      slackMode: 'socket',
      dataDir: 'data',
      logLevel: 'info',
      ports: { slack: 4300, github: 4301, cluster: 4302, receiver: 4303 },
    });
    expect(read({ SLACK_MODE: 'http', GREENLIGHT_SANDBOX_PORT: '5000', SLACK_BOT_TOKEN: '' })).toMatchObject({
      kind: 'sandbox',
      slackMode: 'http',
      ports: { slack: 5000, receiver: 5003 },
    });
  });

  test('everything set is the real thing, over a socket', () => {
    const config = read({ ...socket, GREENLIGHT_SHARED_CHANNELS: 'C0SHARED1, C0SHARED2' });
    expect(config).toMatchObject({
      kind: 'real',
      isProduction: false,
      slack: {
        teamId: 'T0123ABCD',
        apiUrl: 'https://slack.com/api/',
        channels: { requests: 'C0REQUESTS', deploys: 'C0DEPLOYS' },
        sharedChannels: ['C0SHARED1', 'C0SHARED2'],
        receiver: { mode: 'socket' },
      },
      github: { apiUrl: 'https://api.github.com', auth: { kind: 'token' } },
      kubeconfig: '/etc/kube/config',
    });
    if (config.kind !== 'real') throw new Error('not real');
    expect(config.slack.botToken.reveal()).toBe(socket.SLACK_BOT_TOKEN);
  });

  test('everything set is the real thing, over http and as a GitHub App', () => {
    const { SLACK_APP_TOKEN: _app, GITHUB_TOKEN: _token, ...rest } = socket;
    const http = { ...rest, SLACK_MODE: 'http', SLACK_SIGNING_SECRET: signingSecret, PORT: '8080' };
    const app = { GITHUB_APP_ID: '12', GITHUB_INSTALLATION_ID: '34' };
    for (const source of [
      { GITHUB_APP_PRIVATE_KEY_FILE: '/etc/key.pem' },
      { GITHUB_APP_PRIVATE_KEY: key.replaceAll('\n', '\\n') },
    ]) {
      const config = read({ ...http, ...app, ...source, NODE_ENV: 'production' });
      if (config.kind !== 'real' || config.github.auth.kind !== 'app') throw new Error('not an app');
      expect(config.github.auth.privateKey.reveal()).toBe(key);
      expect(config.isProduction).toBe(true);
      expect(config.slack.receiver).toMatchObject({ mode: 'http', host: '127.0.0.1', port: 8080 });
    }
  });

  test('the platform channel hears of nothing unless it is named, and of the report on Mondays unless told otherwise', () => {
    const platformOf = (more: object) => {
      const config = read({ ...socket, ...more });
      return config.kind === 'real' ? config.slack.platform : undefined;
    };
    expect(platformOf({})).toBeUndefined();
    const GREENLIGHT_PLATFORM_CHANNEL = 'C0PLATFORM';
    expect(platformOf({ GREENLIGHT_PLATFORM_CHANNEL })).toEqual({
      channel: 'C0PLATFORM',
      reportTimes: '0 9 * * 1',
    });
    const wrong = { ...socket, GREENLIGHT_PLATFORM_CHANNEL, GREENLIGHT_REPORT_TIMES: 'every monday' };
    expect(() => read(wrong)).toThrow(/GREENLIGHT_REPORT_TIMES: give minute, hour, day/);
  });

  test('a secret store is used when its address and its token are there, and only over TLS', () => {
    const vault = { VAULT_ADDR: 'https://vault.acme.example:8200', VAULT_TOKEN: 'hvs.not-a-real-token' };
    const config = read({ ...socket, ...vault, VAULT_CACERT: '/etc/other', VAULT_NAMESPACE: 'platform' });
    expect(config).toMatchObject({
      vault: {
        url: vault.VAULT_ADDR,
        place: 'secret/environments',
        namespace: 'platform',
        certificateAuthority: 'words',
      },
    });
    expect(JSON.stringify(config)).not.toContain('hvs.');
    expect(read(socket)).not.toHaveProperty('vault');
    expect(mistakesOf({ ...socket, VAULT_ADDR: vault.VAULT_ADDR })).toEqual(['VAULT_TOKEN']);
    expect(mistakesOf({ ...socket, VAULT_TOKEN: vault.VAULT_TOKEN })).toEqual(['VAULT_ADDR']);
    expect(mistakesOf({ ...socket, ...vault, VAULT_CACERT: '/nowhere' })).toEqual(['VAULT_CACERT']);
    const plain = { ...vault, VAULT_ADDR: 'http://vault.acme.example:8200' };
    expect(mistakesOf({ ...socket, ...plain })).toContain('VAULT_ADDR');
  });

  test('half a configuration never falls back to the sandbox, and all that is missing is told at once', () => {
    expect(mistakesOf({ SLACK_BOT_TOKEN: socket.SLACK_BOT_TOKEN })).toEqual([
      'SLACK_APP_TOKEN',
      'SLACK_TEAM_ID',
      'GREENLIGHT_REQUESTS_CHANNEL',
      'GREENLIGHT_DEPLOYS_CHANNEL',
      'GITHUB_TOKEN',
      'KUBECONFIG',
    ]);
  });

  // Many a laptop exports these two for other programs.
  const ambient = ['GITHUB_TOKEN', 'KUBECONFIG'];

  test.each(ambient)('%s alone keeps nobody from the sandbox', (name) => {
    expect(read({ [name]: socket[name as keyof typeof socket] }).kind).toBe('sandbox');
  });

  test.each(Object.keys(socket).filter((name) => !ambient.includes(name)))(
    '%s alone is half a configuration, and without it the rest is too',
    (name) => {
      const value = socket[name as keyof typeof socket];
      expect(mistakesOf({ [name]: value })).not.toContain(name);
      const { [name]: _left, ...rest } = socket as Record<string, string>;
      expect(mistakesOf(rest)).toEqual([name]);
    },
  );

  test.each([{ GREENLIGHT_ENV: 'production' }, { NODE_ENV: 'production' }])(
    'production never falls back to the sandbox: %o',
    (environment) => {
      expect(mistakesOf(environment)).toContain('SLACK_BOT_TOKEN');
      expect(() => read(environment)).toThrow('This is production');
    },
  );

  test('the sandbox can be started on purpose, whatever else is set', () => {
    expect(read({ ...socket, GREENLIGHT_ENV: 'sandbox' }).kind).toBe('sandbox');
    expect(read({ KUBECONFIG: '/etc/kube/config', GREENLIGHT_ENV: 'sandbox' }).kind).toBe('sandbox');
  });

  test('what is wrong is told together with what is missing, each once and with its fix', () => {
    const environment = {
      ...socket,
      SLACK_BOT_TOKEN: 'xoxp-the-wrong-kind-of-token',
      SLACK_TEAM_ID: undefined,
      GREENLIGHT_REQUESTS_CHANNEL: '#requests',
      GREENLIGHT_DEPLOY_CHANNEL: 'C0DEPLOYS',
      LOG_LEVEL: 'loud',
      KUBECONFIG: '/nowhere',
    };
    const error = errorOf(environment);
    expect(error.mistakes.map(({ setting }) => setting).sort()).toEqual([
      'GREENLIGHT_DEPLOY_CHANNEL',
      'GREENLIGHT_REQUESTS_CHANNEL',
      'KUBECONFIG',
      'LOG_LEVEL',
      'SLACK_BOT_TOKEN',
      'SLACK_TEAM_ID',
    ]);
    expect(error.message).toContain('Did you mean "GREENLIGHT_DEPLOYS_CHANNEL"?');
    expect(error.message).toContain('begins with xoxb-');
    expect(error.message).not.toContain('xoxp-the-wrong');
  });

  test('a wrong setting of the sandbox is told, and it does not start with another', () => {
    expect(mistakesOf({ GREENLIGHT_SANDBOX_PORT: '65533' })).toEqual(['GREENLIGHT_SANDBOX_PORT']);
    expect(mistakesOf({ SLACK_MODE: 'https' })).toEqual(['SLACK_MODE']);
    expect(mistakesOf({ GREENLIGHT_PORT: '1' })).toEqual(['GREENLIGHT_PORT']);
  });

  test('a token and an app at once, or half an app, are mistakes', () => {
    expect(mistakesOf({ ...socket, GITHUB_APP_ID: '1' }).sort()).toEqual([
      'GITHUB_APP_PRIVATE_KEY',
      'GITHUB_INSTALLATION_ID',
      'GITHUB_TOKEN',
    ]);
    const app = { ...socket, GITHUB_TOKEN: undefined, GITHUB_APP_ID: '1', GITHUB_INSTALLATION_ID: '2' };
    expect(mistakesOf({ ...app, GITHUB_APP_PRIVATE_KEY_FILE: '/etc/other' })).toEqual([
      'GITHUB_APP_PRIVATE_KEY_FILE',
    ]);
  });

  test('a printed configuration shows no secret', () => {
    const config = read({
      ...socket,
      SLACK_MODE: 'http',
      SLACK_SIGNING_SECRET: signingSecret,
    });
    const printed = [
      inspect(config, { depth: 9, showHidden: true }),
      JSON.stringify(config),
      `${config}`,
    ].join();
    for (const secret of [socket.SLACK_BOT_TOKEN, socket.GITHUB_TOKEN, signingSecret]) {
      expect(printed).not.toContain(secret);
    }
    expect(printed).toContain('[secret]');
  });

  test('.env.example names every setting once, and no other', () => {
    const example = readFileSync(new URL('../../.env.example', import.meta.url), 'utf8');
    const named = [...example.matchAll(/^#?([A-Z][A-Z_]+)=/gm)].map(([, name]) => name);
    expect(named.toSorted()).toEqual(settingNames.toSorted());
  });

  test('.env.example as it stands is the sandbox', () => {
    const example = readFileSync(new URL('../../.env.example', import.meta.url), 'utf8');
    const lines = [...example.matchAll(/^([A-Z][A-Z_]+)=(.*)$/gm)].map(([, name, value]) => [name, value]);
    expect(read(Object.fromEntries(lines)).kind).toBe('sandbox');
  });
});

function read(environment: Environment) {
  return readConfig(environment, (path) => {
    const text = files[path];
    if (text === undefined) throw new Error(`no such file: ${path}`);
    return text;
  });
}

function errorOf(environment: Environment): ConfigError {
  try {
    read(environment);
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  throw new Error('the configuration was taken');
}

function mistakesOf(environment: Environment): string[] {
  return errorOf(environment).mistakes.map(({ setting }) => setting);
}
