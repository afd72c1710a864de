/** The chain is signed as it grows, never over what is broken, and what was signed is found again outside. */
import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdtempDisposableSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createSigning } from '../../../src/audit/follow/sign.ts';
import { startAudit } from '../../../src/background/audit-keeper.ts';
import { anchorsIn } from '../../../src/commands/audit/open.ts';
import type { AuditEntry, SignedCheckpoint } from '../../../src/core/audit.ts';
import type { AuditPlace } from '../../../src/settings/audit-places.ts';
import type { SlackMessage } from '../../../src/slack/blocks.ts';
import { monday } from '../../store/example-requests.ts';
import { at, chainOf, exported, keyPair, sources, verified } from '../logs.ts';
import { type Followed, openFollowed } from './followed.ts';

describe('checkpoints', () => {
  const ours = keyPair();
  const signer = { signer: ours.signer };
  const positions = async ({ store }: Followed) =>
    (await store.checkpoints(0, 10)).map(({ checkpoint }) => checkpoint.position);

  test('are signed every five minutes when something happened, and at the end', async () => {
    await using world = await openFollowed();
    const kept = world.keep(signer);
    await kept.look();
    await world.submitted('a');
    await kept.look();
    expect(await positions(world)).toEqual([]);
    world.now += 300_000;
    await kept.look();
    world.now += 300_000;
    await kept.look();
    expect(await positions(world)).toEqual([1]);
    await world.submitted('b', 'c');
    await kept.stop();
    expect(await positions(world)).toEqual([1, 3]);
    expect(verified(await exported(world.store), { keys: [ours.publicKey] })).toMatchObject({
      signedUpTo: 3,
    });
  });

  test.each([
    [
      'changed',
      (entries: readonly AuditEntry[]) => entries.map((one) => ({ ...one, body: 'never happened' })),
    ],
    ['left out', (entries: readonly AuditEntry[]) => entries.slice(1)],
    ['all gone', () => []],
  ])('are not signed over what was %s', async (_how, damage) => {
    await using world = await openFollowed();
    await world.submitted('a');
    await world.keep(signer).stop();
    await world.submitted('b', 'c');
    const auditEntries = async (after: number, limit: number) =>
      damage(await world.store.auditEntries(after, limit));
    await world.keep({ ...signer, store: { ...world.store, auditEntries } }).stop();
    expect(await positions(world)).toEqual([1]);
    expect(world.logged.join()).toContain('so it is not signed');
  });

  describe('are not signed over a history that was written anew', () => {
    /** The database as whoever can write it leaves it: another chain of three, and the checkpoints that they like. */
    const rewritten = (world: Followed, theirs: readonly SignedCheckpoint[] = []) => {
      const chain = chainOf(sources(3));
      const { hash, link } = at(chain, -1);
      return {
        ...world.store,
        auditHead: async () => ({ position: link.position, hash }),
        auditEntries: async (after: number, limit: number) => chain.slice(after, after + limit),
        newestCheckpoint: async (after: number, isWanted: (signed: SignedCheckpoint) => boolean) => {
          const signed = theirs.findLast((one) => one.checkpoint.position > after && isWanted(one));
          return signed ? { signed } : {};
        },
      };
    };

    test.each(['file', 'git'] as const)(
      'by a new process, where a %s has the last checkpoint',
      async (kind) => {
        await using world = await openFollowed();
        using folder = mkdtempDisposableSync(join(tmpdir(), 'greenlight-witness-'));
        const path = join(folder.path, 'greenlight-audit.jsonl');
        const start = (more: Partial<Parameters<typeof startAudit>[1]>, anchor: AuditPlace) =>
          startAudit(
            { key: ours.privateKey, sinks: [], anchors: [anchor] },
            { ...world.environment, post: async () => undefined, ...more },
          );
        await world.submitted('a', 'b');
        await start({}, { kind: 'file', path })?.look();
        // What is no checkpoint of this key is not believed, wherever it says that the chain has been.
        const other = keyPair().signedLine(at(chainOf(sources(9)), -1));
        appendFileSync(path, `${other}\n{"half`);
        expect(await positions(world)).toEqual([2]);
        const anchor: AuditPlace = { kind, path: kind === 'git' ? folder.path : path };
        await start({ store: rewritten(world) }, anchor)?.stop();
        expect(await positions(world)).toEqual([2]);
        expect(world.logged.join()).toContain('so it is not signed');
        await world.submitted('c');
        await start({}, anchor)?.stop();
        expect(await positions(world)).toEqual([2, 3]);
      },
    );

    test('by a process that has signed, whatever checkpoints were deleted or put there', async () => {
      await using world = await openFollowed();
      await world.submitted('a', 'b');
      let store = world.store;
      const sign = createSigning({
        ...{ ...world.environment, signer: ours.signer, witnesses: [] },
        store: new Proxy(world.store, { get: (_target, name) => Reflect.get(store, name) }),
      });
      await sign();
      const invented = keyPair().signed(at(chainOf(sources(3)), -1));
      for (const theirs of [[], [invented], [{ ...invented, signature: 'x' }]]) {
        store = rewritten(world, theirs);
        await sign();
      }
      expect(await positions(world)).toEqual([2]);
      expect(world.logged).toHaveLength(3);
    });
  });

  test('with a key that is none are none: the bot does not start without what its audit is to be signed with', async () => {
    await using world = await openFollowed();
    const start = (key: string) =>
      startAudit({ key, anchors: [], sinks: [] }, { ...world.environment, post: async () => undefined });
    expect(() => start('no key')).toThrow('The key of the audit is none.');
    // The half that verifies cannot sign.
    expect(() => start(ours.signer.publicKey)).toThrow('The key of the audit is none.');
  });

  test('are anchored once an hour, the newest only', async () => {
    await using world = await openFollowed();
    const got: number[] = [];
    const kept = world.keep({
      ...signer,
      anchors: [{ name: 'anchor', deliver: async ({ upTo }) => void got.push(upTo) }],
    });
    for (let minute = 0; minute <= 120; minute += 5) {
      world.now = monday + minute * 60_000;
      await world.submitted(`${minute}`);
      await kept.look();
    }
    expect(got).toEqual([1, 13, 25]);
  });

  test('in a file, a git repository and a channel are found again by verify', async () => {
    await using world = await openFollowed();
    using temporary = mkdtempDisposableSync(join(tmpdir(), 'greenlight-anchors-'));
    const folder = temporary.path;
    const bare = join(folder, 'anchors.git');
    const clone = join(folder, 'clone');
    const git = (...words: string[]) => execFileSync('git', words, { stdio: 'pipe', encoding: 'utf8' });
    git('init', '-q', '--bare', '-b', 'main', bare);
    git('clone', '-q', bare, clone);
    git('-C', clone, 'symbolic-ref', 'HEAD', 'refs/heads/main');
    git('-C', clone, 'config', 'push.autoSetupRemote', 'true');
    const posted: SlackMessage[] = [];
    await world.submitted('a', 'b');
    const file = join(folder, 'anchors.jsonl');
    const kept = startAudit(
      {
        ...{ key: ours.privateKey, sinks: [] },
        anchors: [
          { kind: 'file', path: file },
          { kind: 'git', path: clone },
          { kind: 'slack', channel: 'C1' },
        ],
      },
      { ...world.environment, post: async (_channel, message) => void posted.push(message) },
    );
    await kept?.look();
    expect(world.logged).toEqual([]);
    const pushed = join(folder, 'pushed.jsonl');
    writeFileSync(pushed, git('-C', bare, 'show', 'main:greenlight-audit.jsonl'));
    const copied = join(folder, 'copied.txt');
    const texts = JSON.stringify(posted).match(/"text":"((?:[^"\\]|\\.)*)"/g) ?? [];
    writeFileSync(copied, texts.map((text) => JSON.parse(`{${text}}`).text).join('\n'));
    const all = await anchorsIn([file, pushed, copied]);
    expect(all.map(({ checkpoint }) => checkpoint.position)).toEqual([2, 2, 2]);
    const whole = await exported(world.store);
    expect(verified(whole, { keys: [ours.publicKey], anchors: all })).toMatchObject({ anchoredUpTo: 2 });
    // A channel also has the sentence around it; a file without any checkpoint proves nothing and is refused.
    writeFileSync(copied, 'nothing');
    await expect(anchorsIn([copied])).rejects.toThrow('holds no checkpoint');
  });
});
