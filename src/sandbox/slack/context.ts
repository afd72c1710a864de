/** What every part of the Slack box works with. */
import type { WorldClock } from '../clock.ts';
import type { Courier } from './delivery/courier.ts';
import type { Hooks } from './hooks.ts';
import type { AppSpec } from './manifest.ts';
import type { Triggers } from './triggers.ts';
import type { World } from './world.ts';

export interface SlackContext {
  readonly world: World;
  readonly app: AppSpec;
  readonly clock: WorldClock;
  readonly courier: Courier;
  readonly triggers: Triggers;
  readonly hooks: Hooks;
  /** The box's own address: known once it listens. */
  url(): string;
}
