/** The app manifest as the file that an administrator pastes into Slack. */
import { stringify } from 'yaml';
import type { Actions } from './core/action.ts';
import { type ManifestMode, manifestOf } from './slack/manifest.ts';

const intro =
  '# Paste this at https://api.slack.com/apps?new_app=1 ("From a manifest"). Made from src/slack/manifest.ts.\n';

export function manifestText(actions: Actions, mode: ManifestMode): string {
  return `${intro}${stringify(manifestOf(actions, mode), { lineWidth: 110 })}`;
}
