/** Who may import whom (src/README.md has the same table for people). The first folder that matches decides. */
export interface Room {
  /** A folder or a file below `src/`. */
  readonly room: string;
  /** Other rooms, and packages; a room may always import itself. */
  readonly may: readonly string[];
  /** What to do instead, when it may not. */
  readonly instead: string;
}

const anything = ['*'];

export const rooms: readonly Room[] = [
  {
    room: 'core',
    may: ['zod', 'fastest-levenshtein', 'node:crypto'],
    instead: 'take it as an argument, or as a port (core/ports.ts, store.ts, forge.ts, cluster.ts)',
  },
  {
    room: 'documents',
    may: ['core', 'zod', 'yaml', 'js-yaml', 'node:fs', 'node:fs/promises', 'node:path'],
    instead: 'read files here and hand over values',
  },
  {
    room: 'schemas',
    may: ['core', 'documents', 'yaml', 'ajv', 'ajv-formats', 're2js'],
    instead: 'read schemas here and hand over an InputSchema (core/input-schema.ts)',
  },
  {
    room: 'catalog',
    may: ['core', 'documents', 'schemas', 'zod', 'yaml'],
    instead: 'take it as an argument',
  },
  { room: 'expressions', may: ['core', '@marcbachmann/cel-js'], instead: 'hand over scopes and values' },
  {
    room: 'blueprints',
    may: [
      'core',
      'documents',
      'expressions',
      'schemas',
      'zod',
      'yaml',
      'node:fs',
      'node:fs/promises',
      'node:path',
    ],
    instead: 'take it as an argument',
  },
  {
    room: 'approvals',
    may: ['core', 'documents', 'expressions', 'zod', 'yaml', 'temporal-polyfill', 'croner', 'rrule-temporal'],
    instead: 'gather it as a fact in desk/gather-facts.ts',
  },
  {
    room: 'groups',
    may: ['core'],
    instead: 'ask through a GroupSource (core/groups.ts)',
  },
  {
    room: 'codes',
    may: ['core', 'otpauth', 'node:crypto'],
    instead: 'take it as an argument: what opens secrets knows nothing else',
  },
  {
    room: 'audit/follow',
    may: ['core', 'audit', 'background/keep-looking.ts', 'node:*'],
    instead: 'take it as a port (core/audit.ts), or wire it in wiring/',
  },
  {
    room: 'audit',
    may: ['core', 'canonicalize', 'csv-stringify', 'zod', 'node:crypto'],
    instead: 'take it as an argument: what checks an audit must run on any machine',
  },
  {
    room: 'charts',
    may: ['core', '@resvg/resvg-js', 'node:url'],
    instead: 'take it as an argument: a chart is drawn from its data alone',
  },
  {
    room: 'actions',
    may: ['core', 'zod', 'node:fs/promises'],
    instead: 'ask for it through the StepContext (core/action.ts)',
  },
  {
    room: 'desk',
    may: ['core', 'approvals'],
    instead: 'use a port (core/ports.ts, store.ts, forge.ts, cluster.ts)',
  },
  {
    room: 'reconciler',
    may: ['core', 'desk', 'approvals/windows.ts'],
    instead: 'let the desk write it, or ask for it as a request',
  },
  { room: 'runner', may: ['core', 'desk'], instead: 'use a port of core, or let the desk do it' },
  {
    room: 'slack',
    may: [
      'core',
      'approvals/explain.ts',
      'approvals/explain-ways.ts',
      'zod',
      '@slack/web-api',
      '@slack/types',
    ],
    instead: 'let the handler hand it over',
  },
  {
    room: 'store',
    may: ['core', 'audit', 'zod', 'kysely', 'better-sqlite3', 'pg', 'node:*'],
    instead: 'keep the store ignorant of it',
  },
  {
    room: 'platforms',
    may: ['core', 'gate.ts', 'zod', 'yaml', '@kubernetes/client-node', '@octokit', 'undici', 'node:*'],
    instead: 'keep the adapter ignorant of it',
  },
  {
    room: 'settings',
    may: [
      'core',
      'zod',
      'node:*',
      'approvals/recurrence.ts',
      'audit/checkpoint.ts',
      'codes/sealing.ts',
      'background',
      'handlers/slack-app.ts',
      'health.ts',
      'platforms',
      'store/open-store.ts',
    ],
    instead: 'read what is set here, and open it where it is used',
  },
  {
    room: 'background',
    may: [
      'core',
      'approvals/recurrence.ts',
      'audit',
      'desk',
      'documents/document-news.ts',
      'reconciler',
      'settings/audit-places.ts',
      'slack',
    ],
    instead: 'take it as an argument, and wire it in wiring/',
  },
  {
    room: 'handlers',
    may: [
      'core',
      'gate.ts',
      'charts',
      'desk',
      'slack',
      'zod',
      '@slack/bolt',
      '@slack/web-api',
      '@slack/types',
      '@slack/socket-mode',
      'node:*',
    ],
    instead: 'ask the desk',
  },
  {
    room: 'sandbox',
    may: [
      'zod',
      'yaml',
      'hono',
      '@hono/node-server',
      'ws',
      'preact',
      'htm',
      'node-emoji',
      'marked',
      'fflate',
      'diff',
      '@prometheus-io/lezer-promql',
      '@lezer/common',
      '@actions/expressions',
      '@marcbachmann/cel-js',
      '@slack/types',
      'node:*',
    ],
    instead: 'speak the real protocol: the sandbox knows nothing of the bot',
  },
  { room: '', may: anything, instead: '' },
];
