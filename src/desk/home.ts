/** What one person sees of it all at once: what waits for them, what is theirs, what they may ask for. */
import { costNow, type EnvironmentRecord } from '../core/environment-record.ts';
import type { Person } from '../core/person.ts';
import { moneyText } from '../core/prices.ts';
import { isEnded, type PlatformRequest } from '../core/request.ts';
import { type DeskContext, environmentRecords } from './context.ts';
import { standingOf } from './standing.ts';
import { refuseStranger } from './submit.ts';
import { overview, permittedActions } from './views.ts';

export interface HomeView {
  /** The longest waiting first. */
  readonly waitingForMe: readonly PlatformRequest[];
  /** Open ones, the newest first. */
  readonly mine: readonly PlatformRequest[];
  /** Alive, of the viewer's teams, what ends first coming first. */
  readonly environments: readonly HomeEnvironment[];
  /** Emergencies of others that the viewer may look at afterwards. */
  readonly debts: readonly PlatformRequest[];
  /** Names of the actions that the viewer may ask for. */
  readonly mayAsk: readonly string[];
}

export interface HomeEnvironment {
  readonly record: EnvironmentRecord & { readonly living: NonNullable<EnvironmentRecord['living']> };
  /** "2.74 EUR". */
  readonly perDay: string;
}

export async function home(context: DeskContext, viewer: Person): Promise<HomeView> {
  if (refuseStranger(viewer)) {
    return { waitingForMe: [], mine: [], environments: [], debts: [], mayAsk: [] };
  }
  const standing = standingOf(context, viewer);
  const [{ mine, waitingForMe, debts }, environments] = await Promise.all([
    overview(context, viewer),
    environmentsOf(context, standing.groups === 'unknown' ? [] : standing.groups),
  ]);
  return {
    waitingForMe,
    mine: mine.filter((request) => !isEnded(request)),
    environments,
    debts,
    mayAsk: permittedActions(context, viewer),
  };
}

async function environmentsOf(context: DeskContext, teams: readonly string[]): Promise<HomeEnvironment[]> {
  const catalog = context.catalog();
  const records = await environmentRecords(context.store);
  return records
    .flatMap((record) => {
      const { living } = record;
      if (!living || !teams.includes(record.team)) return [];
      const perDay = moneyText(costNow(record, catalog).perDay, catalog.prices);
      return [{ record: { ...record, living }, perDay }];
    })
    .toSorted((one, other) => one.record.living.expiresAt - other.record.living.expiresAt);
}
