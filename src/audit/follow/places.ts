/** Where entries and checkpoints can go: a file, an HTTP address, a git repository. Each resolves when it is safely there. */
import { execFile } from 'node:child_process';
import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { secondMs } from '../../core/duration.ts';
import { ProblemError, problem } from '../../core/problem.ts';
import type { Portion } from './follower.ts';

export type Deliver = (portion: Portion) => Promise<void>;

/** Appends lines and waits for the disk. What a crash has left half written is taken back, and what is there is not repeated. */
export function toFile(path: string): Deliver {
  return async ({ lines }) => {
    const file = await open(path, 'a+', 0o600);
    try {
      const last = await lastLine(file);
      const known = last === undefined ? -1 : lines.indexOf(last);
      const more = lines.slice(known + 1);
      if (more.length > 0) await file.appendFile(`${more.join('\n')}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
  };
}

/** A longer line than any entry has: bodies are bounded by what chat lets people type. */
const tailBytes = 1_048_576;

/** Cuts off what follows the last line break. */
async function lastLine(file: FileHandle): Promise<string | undefined> {
  const { size } = await file.stat();
  const from = Math.max(0, size - tailBytes);
  const { buffer, bytesRead } = await file.read(Buffer.alloc(size - from), 0, size - from, from);
  const end = buffer.subarray(0, bytesRead).lastIndexOf(0x0a);
  if (end + 1 < bytesRead) await file.truncate(from + end + 1);
  return end < 0 ? undefined : buffer.subarray(0, end).toString('utf8').split('\n').at(-1);
}

export interface HttpPlace {
  readonly url: string;
  /** Sent as a bearer token. */
  readonly token?: string;
}

/** How long an answer may take. */
const answerMs = 10 * secondMs;

/**
 * Posts lines as `application/x-ndjson`. Only a 2xx is a yes: a redirect would carry the audit to an address that nobody
 * has set. The same portion comes with the same `Idempotency-Key`; whoever wants each line once goes by its position, since
 * what comes again may come with more.
 */
export function toHttp({ url, token }: HttpPlace, fetched: typeof fetch = fetch): Deliver {
  return async ({ lines, upTo }) => {
    const response = await fetched(url, {
      method: 'POST',
      body: `${lines.join('\n')}\n`,
      redirect: 'manual',
      signal: AbortSignal.timeout(answerMs),
      headers: {
        'content-type': 'application/x-ndjson',
        'idempotency-key': `greenlight-audit-${upTo}-${lines.length}`,
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      },
    });
    // What it says is of no use, and may be endless.
    await response.body?.cancel();
    if (response.status >= 200 && response.status < 300) return;
    throw new ProblemError(
      problem('outside_unavailable', `It answered ${response.status}.`, 'Look at its own log.', {
        isTransient: true,
      }),
    );
  };
}

const run = promisify(execFile);
/** Long enough for a push over a slow line, and shorter than a follower's lease. */
const gitMs = 20 * secondMs;

const fileName = 'greenlight-audit.jsonl';

/** The file of a clone that its lines are in. */
export function fileInGit(folder: string): string {
  return join(folder, fileName);
}

/** Commits lines to `greenlight-audit.jsonl` of a clone, and pushes them to where the clone pushes to. */
export function toGit(folder: string): Deliver {
  const append = toFile(fileInGit(folder));
  const git = (...words: string[]) =>
    run('git', ['-C', folder, ...words], {
      timeout: gitMs,
      // Nobody is there to type a password.
      env: { ...process.env, GIT_TERMINAL_PROMPT: '0' },
    });
  return async (portion) => {
    await append(portion);
    await git('add', fileName);
    // After a push that failed there is nothing to commit, and still something to push.
    const { stdout } = await git('status', '--porcelain', '--', fileName);
    if (stdout !== '') {
      const identity = ['-c', 'user.name=Greenlight', '-c', 'user.email=greenlight@localhost'];
      await git(...identity, 'commit', '-q', '-m', `Audit up to event ${portion.upTo}`, '--', fileName);
    }
    await git('push', '-q');
  };
}
