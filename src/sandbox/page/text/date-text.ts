/** `<!date^...>` for the one who reads it. */
import { useScreen } from '../data/screen.ts';
import { html, type VNode } from '../html.ts';
import { formatSlackDate, fullMoment } from './date.ts';

interface Props {
  readonly atSeconds: number;
  readonly format: string;
  readonly url?: string | undefined;
}

export function DateText({ atSeconds, format, url }: Props): VNode {
  const { view, now } = useScreen();
  const { timeZone } = view.me;
  const moment = new Date(atSeconds * 1000);
  const text = formatSlackDate(atSeconds, format, { timeZone, now: now() });
  const time = html`<time
    datetime=${moment.toISOString()}
    title=${fullMoment(moment.getTime(), timeZone)}
  >${text}</time>`;
  return url === undefined
    ? time
    : html`<a href=${url} target="_blank" rel="noopener noreferrer">${time}</a>`;
}
