/** Every environment variable that Greenlight reads: its form, and what to do when it is wrong. `.env.example` explains them. */
import { z } from 'zod';
import { readCron } from '../approvals/recurrence.ts';
import { readSigner } from '../audit/checkpoint.ts';
import { readKeys } from '../codes/sealing.ts';
import { dayMs, parseDuration } from '../core/duration.ts';
import { listOf } from '../core/text.ts';
import { type AuditPlace, auditPlaceForms, readAuditPlace } from './audit-places.ts';
import { Secret } from './secret.ts';

const secret = (schema: z.ZodString) => schema.transform((value) => new Secret(value)).optional();

const channelId = z
  .string()
  .regex(
    /^[CG][A-Z0-9]{2,20}$/,
    'give the channel\'s id, like C0123ABCD, not its name: it stands at the bottom of "View channel details"',
  );

const port = (highest: number) =>
  z
    .string()
    .regex(/^\d{1,5}$/, 'give a port number')
    .transform(Number)
    .refine((number) => number <= highest, `give a port number up to ${highest}`);

const url = z.url({ protocol: /^https?$/, error: 'give a whole address, with https://' });

/** Several, with commas between. */
const auditPlaces = (kinds: readonly AuditPlace['kind'][]) =>
  z
    .string()
    .transform((list) => list.split(',').map((one) => readAuditPlace(one.trim(), kinds)))
    .refine(
      (places) => places.every((place) => place !== undefined),
      `write ${listOf(
        kinds.map((kind) => auditPlaceForms[kind]),
        'or',
      )}, several with commas between`,
    )
    .transform((places) => places.filter((place) => place !== undefined))
    .default([]);

const auditKeepMinMs = 90 * dayMs;

export const settingsSchema = z.object({
  SLACK_MODE: z.enum(['socket', 'http'], 'write socket or http').default('socket'),
  SLACK_BOT_TOKEN: secret(
    z
      .string()
      .regex(
        /^xoxb-\S{10,}$/,
        'it begins with xoxb-: copy the "Bot User OAuth Token" from "OAuth & Permissions"',
      ),
  ),
  SLACK_APP_TOKEN: secret(
    z
      .string()
      .regex(
        /^xapp-\S{10,}$/,
        'it begins with xapp-: make an app-level token with the scope connections:write under "Basic Information"',
      ),
  ),
  SLACK_SIGNING_SECRET: secret(
    z.string().regex(/^[0-9a-f]{32}$/, 'it has 32 hexadecimal digits: copy it from "Basic Information"'),
  ),
  SLACK_TEAM_ID: z
    .string()
    .regex(
      /^[TE][A-Z0-9]{2,20}$/,
      "give the workspace's id, like T0123ABCD: it stands in Slack's web address",
    )
    .optional(),
  SLACK_API_URL: url
    .transform((address) => (address.endsWith('/') ? address : `${address}/`))
    .default('https://slack.com/api/'),
  GREENLIGHT_REQUESTS_CHANNEL: channelId.optional(),
  GREENLIGHT_DEPLOYS_CHANNEL: channelId.optional(),
  GREENLIGHT_ALERTS_CHANNEL: channelId.optional(),
  GREENLIGHT_PLATFORM_CHANNEL: channelId.optional(),
  GREENLIGHT_REPORT_TIMES: z
    .string()
    .refine(
      (pattern) => readCron(pattern, '1h', 'UTC').ok,
      'give minute, hour, day, month and weekday, like 0 9 * * 1 for Mondays at nine',
    )
    .default('0 9 * * 1'),
  GREENLIGHT_SHARED_CHANNELS: z
    .string()
    .transform((list) => list.split(',').map((one) => one.trim()))
    .pipe(z.array(channelId))
    .default([]),

  GITHUB_TOKEN: secret(z.string().regex(/^\S{20,}$/, 'that is too short to be a token of GitHub')),
  GITHUB_APP_ID: z.string().regex(/^\d+$/, "give the app's number").optional(),
  GITHUB_APP_PRIVATE_KEY: secret(
    z
      .string()
      .startsWith('-----BEGIN', 'give the whole key, from -----BEGIN to -----END')
      // Many places that hold settings know no line breaks.
      .overwrite((key) => key.replaceAll('\\n', '\n')),
  ),
  GITHUB_APP_PRIVATE_KEY_FILE: z.string().optional(),
  GITHUB_INSTALLATION_ID: z
    .string()
    .regex(/^\d+$/, "give the installation's number: it ends the address of its settings page")
    .optional(),
  GITHUB_API_URL: url.transform((address) => address.replace(/\/+$/, '')).default('https://api.github.com'),

  KUBECONFIG: z.string().optional(),

  PROMETHEUS_URL: url
    .refine(
      (address) => !URL.canParse(address) || new URL(address).username + new URL(address).password === '',
      'take the password out of the address, and give a token as PROMETHEUS_TOKEN',
    )
    .optional(),
  PROMETHEUS_TOKEN: secret(
    z.string().regex(/^\S{8,}$/, 'that is too short to be a token, or has a space in it'),
  ),

  PAGERDUTY_TOKEN: secret(
    z.string().regex(/^\S{16,}$/, 'that is too short to be an API key of PagerDuty, or has a space in it'),
  ),
  PAGERDUTY_API_URL: url
    .transform((address) => address.replace(/\/+$/, ''))
    .default('https://api.pagerduty.com'),
  ONCALL_TOKEN: secret(z.string().regex(/^\S{8,}$/, 'that is too short to be a token, or has a space in it')),

  VAULT_ADDR: url
    .refine(
      (address) =>
        !URL.canParse(address) ||
        /^https:/.test(address) ||
        /^(?:localhost|127\.0\.0\.1|\[::1\])$/.test(new URL(address).hostname),
      'give an address with https://: what it answers opens secrets',
    )
    .optional(),
  VAULT_TOKEN: secret(z.string().regex(/^\S{8,}$/, 'that is too short to be a token, or has a space in it')),
  VAULT_NAMESPACE: z
    .string()
    .regex(/^[\w./-]+$/, 'write it like admin/platform')
    .optional(),
  VAULT_CACERT: z.string().optional(),
  VAULT_ENVIRONMENTS_PATH: z
    .string()
    .regex(/^[\w-]+(?:\/[\w-]+)*$/, "write the engine's mount and a folder, like secret/environments")
    .default('secret/environments'),

  /** With what people's second factors are sealed: see codes/sealing.ts. */
  GREENLIGHT_SECRETS_KEY: secret(
    z
      .string()
      .refine(
        (text) => readKeys(text) !== undefined,
        'give a name and 32 random bytes, like 2026-11:… from `openssl rand -base64 32`; older keys follow after a comma',
      ),
  ),

  /** With what the audit's checkpoints are signed: see audit/checkpoint.ts. */
  GREENLIGHT_AUDIT_KEY: secret(
    z
      .string()
      .refine(
        (text) => readSigner(text) !== undefined,
        'make one with `greenlight audit key`, and give its line whole',
      ),
  ),
  GREENLIGHT_AUDIT_ANCHORS: auditPlaces(['file', 'git', 'slack']),
  GREENLIGHT_AUDIT_SINKS: auditPlaces(['file', 'http']),
  GREENLIGHT_AUDIT_SINK_TOKEN: secret(
    z.string().regex(/^\S{8,}$/, 'that is too short to be a token, or has a space in it'),
  ),
  GREENLIGHT_AUDIT_KEEP: z
    .string()
    .transform((text) => parseDuration(text) ?? 0)
    .refine(
      (ms) => ms >= auditKeepMinMs,
      'write a time span like 365d, of 90 days at least: younger requests are still looked at by people and by rules',
    )
    .optional(),

  GREENLIGHT_ENV: z
    .enum(['production', 'development', 'sandbox'], 'write production, development or sandbox')
    .optional(),
  NODE_ENV: z.string().optional(),
  GREENLIGHT_DATA_DIR: z.string().default('data'),
  /** Looked at only where it is used (real-config.ts): many a laptop exports one for other programs. */
  DATABASE_URL: secret(z.string()),
  GREENLIGHT_DATABASE: z.string().optional(),
  HOST: z.string().default('127.0.0.1'),
  PORT: port(65_535).default(3000),
  GREENLIGHT_HEALTH_PORT: port(65_535).optional(),
  LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error'], 'write debug, info, warn or error').default('info'),
  /** The boxes take this port, the two after it and the fourth, the HTTP receiver the third. */
  GREENLIGHT_SANDBOX_PORT: port(65_531).default(4300),
});

export type Settings = z.infer<typeof settingsSchema>;
export type SettingName = keyof Settings;
export const settingNames = Object.keys(settingsSchema.shape) as SettingName[];
