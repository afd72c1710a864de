/** What changes around the requests: guardrails, commits, accounts and groups, and messages that somebody deletes. */
import type { Person } from '../../../src/core/person.ts';
import type { Rules } from '../rules.ts';
import type { Deed } from './act.ts';

export function changeRules(rules: Rules): Deed {
  return {
    words: `the guardrails are now: ${rules.name}`,
    play: ({ facts, timeline }) => facts.change(timeline.now(), { rules }),
  };
}

export function push(commit: string): Deed {
  return {
    words: `the newest commit is ${commit}`,
    play: ({ facts, timeline }) => facts.change(timeline.now(), { commit }),
  };
}

export function leave(who: Person): Deed {
  return {
    words: `${who.name} is deactivated`,
    play({ people, facts, timeline }) {
      people.leaves(who.id);
      facts.change(timeline.now(), { kinds: people.kinds() });
    },
  };
}

export function leaveGroups(who: Person): Deed {
  return {
    words: `${who.name} leaves all groups`,
    play({ company, facts, timeline }) {
      company.leavesGroups(who);
      facts.change(timeline.now(), { groups: company.groups() });
    },
  };
}

/** `which`: from 0 to 1, of all that were posted by then. */
export function deleteMessage(which: number): Deed {
  return {
    words: 'somebody deletes a message by hand',
    play({ slack, story, timeline }) {
      const message = slack.messages[Math.floor(which * slack.messages.length)];
      // A line that mentioned somebody is not said again: only cards are.
      if (message?.thread !== undefined || !message) return;
      message.deletedAt = timeline.now();
      story.note(timeline.now(), `Slack: ${message.mark} at ${message.ts} is gone`);
    },
  };
}
