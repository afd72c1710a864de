/**
 * What the box reads of an app manifest (Slack's format, major version 2): commands, shortcuts, scopes, events and
 * where to send them. This is how it serves anybody's app.
 */
import { z } from 'zod';

const manifestSchema = z.looseObject({
  display_information: z.looseObject({ name: z.string() }),
  features: z
    .looseObject({
      app_home: z
        .looseObject({
          home_tab_enabled: z.boolean().optional(),
          messages_tab_enabled: z.boolean().optional(),
          messages_tab_read_only_enabled: z.boolean().optional(),
        })
        .optional(),
      bot_user: z.looseObject({ display_name: z.string() }).optional(),
      shortcuts: z
        .array(
          z.looseObject({
            name: z.string().max(24),
            type: z.enum(['global', 'message']),
            callback_id: z.string().max(255),
            description: z.string().max(150),
          }),
        )
        .max(10)
        .optional(),
      slash_commands: z
        .array(
          z.looseObject({
            command: z.string().startsWith('/').max(32),
            description: z.string().max(2000),
            usage_hint: z.string().max(1000).optional(),
            should_escape: z.boolean().optional(),
            url: z.string().optional(),
          }),
        )
        .max(50)
        .optional(),
    })
    .optional(),
  oauth_config: z
    .looseObject({
      scopes: z
        .looseObject({ bot: z.array(z.string()).optional(), bot_optional: z.array(z.string()).optional() })
        .optional(),
    })
    .optional(),
  settings: z
    .looseObject({
      event_subscriptions: z
        .looseObject({
          request_url: z.string().optional(),
          bot_events: z.array(z.string()).max(100).optional(),
        })
        .optional(),
      interactivity: z
        .looseObject({
          is_enabled: z.boolean(),
          request_url: z.string().optional(),
          message_menu_options_url: z.string().optional(),
        })
        .optional(),
      socket_mode_enabled: z.boolean().optional(),
    })
    .optional(),
});

interface SlashCommandSpec {
  readonly command: string;
  readonly description: string;
  readonly usageHint: string;
  readonly shouldEscape: boolean;
  readonly url: string | undefined;
}

export interface AppSpec {
  readonly name: string;
  /** What its bot user is called; `undefined` for an app without one in its manifest. */
  readonly botName: string | undefined;
  readonly mode: 'socket' | 'http';
  readonly commands: readonly SlashCommandSpec[];
  readonly shortcuts: readonly {
    readonly callbackId: string;
    readonly name: string;
    readonly description: string;
    readonly type: 'global' | 'message';
  }[];
  readonly scopes: ReadonlySet<string>;
  readonly events: ReadonlySet<string>;
  readonly hasHomeTab: boolean;
  /** Whether people can write to the app in its direct message. */
  readonly takesMessages: boolean;
  readonly isInteractive: boolean;
  readonly urls: {
    readonly events: string | undefined;
    readonly interactivity: string | undefined;
    readonly options: string | undefined;
  };
}

/** @throws ZodError when it is not a manifest. */
export function readManifest(input: unknown): AppSpec {
  const manifest = manifestSchema.parse(input);
  const { features, settings } = manifest;
  const scopes = manifest.oauth_config?.scopes;
  return {
    name: manifest.display_information.name,
    botName: features?.bot_user?.display_name,
    mode: settings?.socket_mode_enabled ? 'socket' : 'http',
    commands: (features?.slash_commands ?? []).map((one) => ({
      command: one.command,
      description: one.description,
      usageHint: one.usage_hint ?? '',
      shouldEscape: one.should_escape ?? false,
      url: one.url,
    })),
    shortcuts: (features?.shortcuts ?? []).map((one) => ({
      callbackId: one.callback_id,
      name: one.name,
      description: one.description,
      type: one.type,
    })),
    scopes: new Set([...(scopes?.bot ?? []), ...(scopes?.bot_optional ?? [])]),
    events: new Set(settings?.event_subscriptions?.bot_events ?? []),
    hasHomeTab: features?.app_home?.home_tab_enabled ?? false,
    takesMessages: !(features?.app_home?.messages_tab_read_only_enabled ?? false),
    isInteractive: settings?.interactivity?.is_enabled ?? false,
    urls: {
      events: settings?.event_subscriptions?.request_url,
      interactivity: settings?.interactivity?.request_url,
      options: settings?.interactivity?.message_menu_options_url,
    },
  };
}
