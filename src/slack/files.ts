/** Files for one person alone: uploaded, and shared into their direct messages with Greenlight and nowhere else. */
import type { AnswerFile } from '../core/action.ts';
import type { Log } from '../core/ports.ts';
import { type Problem, problem } from '../core/problem.ts';
import type { SlackMessage } from './blocks.ts';
import type { SlackClient } from './clients.ts';
import { slackErrorCode, slackProblem } from './errors.ts';
import { maxOf } from './limits.ts';

export interface FileDelivery {
  /** Where they are, for whoever got them; none when Slack does not tell. */
  readonly link: string | undefined;
  /** By the files' names, what Slack calls them: an image block may show one. */
  readonly ids: Readonly<Record<string, string>>;
}

export interface FileSender {
  /** Never throws: whatever stops it is a problem to be told beside the answer. `heading` stands over the files. */
  send(user: string, heading: SlackMessage, files: readonly AnswerFile[]): Promise<FileDelivery | Problem>;
}

export function createFileSender(client: SlackClient, log: Log): FileSender {
  return {
    async send(user, heading, files) {
      try {
        const sendable = files.filter(({ content }) => content.length > 0).slice(0, maxOf('filesPerAnswer'));
        const uploaded: { id: string; name: string; title: string }[] = [];
        for (const file of sendable)
          uploaded.push({ id: await upload(client, file), name: file.name, title: file.name });
        const [first, ...rest] = uploaded.map(({ id, title }) => ({ id, title }));
        if (!first) return nothingToSend();
        // A message to a person's id opens the conversation: no right to open others is needed.
        const posted = await client.chat.postMessage({ channel: user, ...heading, unfurl_links: false });
        const { channel = '', ts = '' } = posted;
        await client.files.completeUploadExternal({ files: [first, ...rest], channel_id: channel });
        const link = await client.chat.getPermalink({ channel, message_ts: ts }).catch(() => undefined);
        return {
          link: link?.permalink,
          ids: Object.fromEntries(uploaded.map(({ id, name }) => [name, id])),
        };
      } catch (error) {
        const cause = refusal(error);
        log.warn({ user, detail: cause.detail }, `files could not be sent: ${cause.sentence}`);
        return cause;
      }
    },
  };
}

/** The bytes go where Slack says; the file is nobody's until the upload is completed. */
async function upload(client: SlackClient, { name, content, altText }: AnswerFile): Promise<string> {
  const bytes = typeof content === 'string' ? Buffer.from(content) : Buffer.from(content);
  // The name in Slack's documentation; the client's types have another one for it.
  const asked = await client.apiCall('files.getUploadURLExternal', {
    filename: name,
    length: bytes.length,
    alt_txt: altText.slice(0, maxOf('altText')),
    ...(name.endsWith('.log') ? { snippet_type: 'text' } : {}),
  });
  const { upload_url: url, file_id: id } = asked as { upload_url?: unknown; file_id?: unknown };
  if (typeof url !== 'string' || typeof id !== 'string') throw new Error('no address to upload to');
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': typeOf(name) },
    body: bytes,
    signal: AbortSignal.timeout(maxOf('uploadMs')),
    redirect: 'error',
  });
  await answer.body?.cancel();
  if (!answer.ok) throw new Error(`an upload was answered with ${answer.status}`);
  return id;
}

const types: Readonly<Record<string, string>> = {
  png: 'image/png',
  csv: 'text/csv',
  json: 'application/json',
};

function typeOf(name: string): string {
  return types[name.slice(name.lastIndexOf('.') + 1)] ?? 'text/plain';
}

function refusal(error: unknown): Problem {
  if (slackErrorCode(error) !== 'missing_scope') return slackProblem(error, 'files').problem;
  return problem(
    'outside_refused',
    'Greenlight may not send files in this workspace.',
    'An administrator can allow it: the optional scope files:write.',
    { detail: 'missing_scope: files:write' },
  );
}

function nothingToSend(): Problem {
  return problem('bad_input', 'There is nothing in the file.', 'Ask for more of it.');
}
