/** The order of one request, as the steps need it. */
import type { StepContext } from '../../../core/action.ts';
import type { Blueprint, BlueprintScope } from '../../../core/blueprint.ts';
import type { Input } from '../create-input.ts';
import { ownerOf, scopeOf } from '../order.ts';
import type { Room } from './room.ts';
import { sharesOf } from './shares.ts';

export function scopeFor(blueprint: Blueprint, asked: Input, context: StepContext): BlueprintScope {
  return scopeOf(blueprint, asked, {
    team: context.request.target.team,
    owner: ownerOf(context.requester),
  });
}

export function roomFor(blueprint: Blueprint, asked: Input, context: StepContext): Room {
  const { team } = context.request.target;
  return {
    name: asked.name,
    cpu: asked.cpu,
    memoryGi: asked.memoryGi,
    shares: sharesOf(blueprint, scopeFor(blueprint, asked, context)),
    team,
    teamMembers: context.catalog.groups[team]?.members ?? [],
    hasInstaller: blueprint.hasInstaller,
    owner: ownerOf(context.requester),
    requestKey: context.request.key,
    rules: context.catalog.environments,
  };
}
