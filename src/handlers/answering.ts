/** An answer on its way to whoever asked: its words where they asked, its files and pictures into their direct messages. */
import { drawPicture } from '../charts/picture.ts';
import { renderPng } from '../charts/png.ts';
import type { Answer, AnswerFile } from '../core/action.ts';
import { chartWords } from '../core/chart-words.ts';
import type { Person } from '../core/person.ts';
import { type Problem, problem, problemFrom } from '../core/problem.ts';
import { type AnswerExtras, answerHeading, answerMessage, type Question } from '../slack/answers.ts';
import { type HandlerDeps, tellProblem } from './deps.ts';
import { openEnrolment } from './enrolment.ts';
import type { Place } from './payload.ts';
import { beganWatch } from './watches.ts';

interface Asked extends Question {
  readonly person: Person;
  readonly place: Place;
  readonly triggerId: string;
}

/** As the answer wants it: in a form of its own, as a message that follows it, or in words for whoever asked alone. */
export async function giveAnswer(deps: HandlerDeps, asked: Asked, answer: Answer): Promise<void> {
  if (answer.opens === 'enrolment') return openEnrolment(deps, asked);
  if (await beganWatch(deps, asked.place, asked.person, answer)) return;
  await answerPrivately(deps, asked.place, answer, asked);
}

/** `isRefresh`: in the place of the message whose button was clicked, while that is possible. */
export async function answerPrivately(
  deps: HandlerDeps,
  place: Place,
  answer: Answer,
  question: Question,
  isRefresh = false,
): Promise<void> {
  const unwelcome = answer.isSecret ? await secretRefusal(deps, place) : undefined;
  if (unwelcome) return tellProblem(deps, place, unwelcome);
  const extras = await extrasOf(deps, place, answer);
  const message = answerMessage(answer, question, { kind: 'private' }, extras);
  // Slack may refuse a picture that it has not looked at yet, and a kind of block that is new to this workspace.
  const plainer =
    extras.image || extras.hasCharts
      ? answerMessage(answer, question, { kind: 'private' }, { note: extras.note })
      : undefined;
  if (isRefresh && (await deps.replies.replace(place, message))) return;
  await deps.replies.privately(place, message, plainer);
}

/**
 * What opens something is not written where another company reads along, not even for one pair of eyes: what Slack shows
 * to whom there is for that company's rules to say as well. A direct message is nobody else's.
 */
async function secretRefusal(deps: HandlerDeps, { channel }: Place): Promise<Problem | undefined> {
  if (channel === undefined || channel.startsWith('D')) return undefined;
  try {
    return (await deps.guard.isShared(channel)) ? sharedProblem : undefined;
  } catch (error) {
    return problemFrom(error);
  }
}

const sharedProblem = problem(
  'outside_refused',
  'This channel is shared with another company, so no secret is given here.',
  'Ask in a direct message with Greenlight, or in a channel of your own.',
);

async function extrasOf(deps: HandlerDeps, place: Place, answer: Answer): Promise<AnswerExtras> {
  const picture = await pictureOf(deps, answer);
  const files = [...(picture ? [picture] : []), ...(answer.files ?? [])];
  if (files.length === 0) return { note: undefined, hasCharts: answer.charts !== undefined };
  const sent = await deps.files.send(place.user, answerHeading(answer), files);
  if (!('ids' in sent)) {
    return { note: { text: `${sent.sentence} ${sent.next}` }, hasCharts: answer.charts !== undefined };
  }
  const id = picture && sent.ids[picture.name];
  return {
    note: { text: `${files.map(({ name }) => name).join(', ')}: in your direct messages`, link: sent.link },
    ...(picture && id !== undefined ? { image: { id, altText: picture.altText } } : {}),
  };
}

/** The charts as one picture; none where this machine cannot draw. */
async function pictureOf(deps: HandlerDeps, { charts: sheet }: Answer): Promise<AnswerFile | undefined> {
  if (!sheet || sheet.charts.every(({ gap }) => gap !== undefined)) return undefined;
  try {
    const content = await renderPng(drawPicture(sheet));
    const altText = `${sheet.title}. ${sheet.charts.map(chartWords).join(' ')}`;
    return { name: sheet.name, content, altText };
  } catch (error) {
    deps.log.warn({ cause: String(error) }, 'a chart could not be drawn');
    return undefined;
  }
}
