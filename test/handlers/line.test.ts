import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readLine } from '../../src/handlers/line.ts';
import { type ParsedCommand, parseCommand } from '../../src/handlers/parse-command.ts';
import { actions } from './world.ts';

const words = (text: string) => readLine(text).words.map((word) => word.text);

describe('a line', () => {
  test.each([
    ['create  checkout-pr-12', ['create', 'checkout-pr-12']],
    ['“load test” ‘x y’ «z» „q”', ['load test', 'x y', 'z', 'q']],
    ["it's fine", ["it's", 'fine']],
    ['<@U0DANA|dana> <@U0DANA>', ['@U0DANA', '@U0DANA']],
    ['<#C0GENERAL|general>', ['#general']],
    ['<http://acme.example|acme.example> <https://x.example>', ['acme.example', 'https://x.example']],
    ['<mailto:a@b.example|a@b.example> <!subteam^S0SRE|@sre> <!here>', ['a@b.example', '@sre', '@here']],
    ['a &amp;&lt;b&gt;', ['a', '&<b>']],
    ['"never closed', ['never closed']],
    ['""', ['']],
  ])('%s is read as typed', (text, expected) => {
    expect(words(text)).toEqual(expected);
  });

  test.each(['--ttl 8h', '--ttl=8h', '—ttl 8h', '–ttl=8h', '—ttl=“8h”', '--ttl "8h"'])(
    '%s is one flag with its value',
    (text) => {
      expect(readLine(text)).toEqual({ words: [], flags: [{ name: 'ttl', value: '8h' }] });
    },
  );

  test('a quoted dash is a word, and a flag before another has no value', () => {
    expect(readLine('"--ttl" --cpu --ttl 8h')).toEqual({
      words: [{ text: '--ttl', isQuoted: true }],
      flags: [
        { name: 'cpu', value: undefined },
        { name: 'ttl', value: '8h' },
      ],
    });
  });

  test('a switch does not swallow the word after it', () => {
    expect(readLine('--force x', (name) => name === 'force')).toMatchObject({
      words: [{ text: 'x' }],
      flags: [{ name: 'force', value: undefined }],
    });
  });

  test('any text at all is read, and nothing is made up', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
        const line = readLine(text);
        const read = [...line.words.map((word) => word.text), ...line.flags.map((flag) => flag.value ?? '')];
        return read.every((one) => one.length <= text.length);
      }),
    );
  });

  test('words that need no care come back as they were', () => {
    fc.assert(
      fc.property(fc.array(fc.stringMatching(/^[a-z0-9.]{1,12}$/)), (typed) => {
        expect(words(typed.join(' '))).toEqual(typed);
      }),
    );
  });

  test('quoted words come back whole, whatever quotes a phone makes', () => {
    const pair = fc.constantFrom(['"', '"'], ['“', '”'], ['„', '“'], ['‘', '’'], ['«', '»']);
    fc.assert(
      fc.property(pair, fc.stringMatching(/^[a-z —-]{1,20}$/), ([open, close], inner) => {
        expect(words(`${open}${inner}${close}`)).toEqual([inner]);
      }),
    );
  });

  test('ten thousand opening brackets or quotes do not hang it', () => {
    for (const character of ['<', '"', '“', '—', '<@', '&lt;']) {
      // Ten seconds and more when each character looks at all others; a loaded machine alone stays far below.
      const before = performance.now();
      readLine(character.repeat(100_000));
      expect(performance.now() - before).toBeLessThan(5_000);
    }
  });
});

const group = (slash: string) =>
  [...actions]
    .filter(([, action]) => action.command.slash === slash)
    .map(([name, action]) => ({ name, action }));
const parse = (line: string): ParsedCommand => {
  const [slash = '', ...rest] = line.split(' ');
  return parseCommand(slash, group(slash), rest.join(' '));
};

describe('a command', () => {
  test.each([
    [
      '/deploy payments v1.4.2 to production',
      { service: 'payments', version: 'v1.4.2', environment: 'production' },
    ],
    [
      '/deploy payments v1.4.2 production',
      { service: 'payments', version: 'v1.4.2', environment: 'production' },
    ],
    [
      '/deploy payments TO staging --version=v1',
      { service: 'payments', version: 'v1', environment: 'staging' },
    ],
    [
      '/deploy payments v1 to production at 2026-11-23 09:00',
      { service: 'payments', version: 'v1', environment: 'production', at: '2026-11-23 09:00' },
    ],
    [
      '/deploy payments v1 to production in 2h',
      { service: 'payments', version: 'v1', environment: 'production', at: '2h' },
    ],
    [
      '/deploy --environment staging payments v1',
      { service: 'payments', version: 'v1', environment: 'staging' },
    ],
  ])('%s is complete', (line, input) => {
    expect(parse(line)).toEqual({ kind: 'ask', action: 'deploy', input });
  });

  test.each([
    ['/svc payments', 'service.status', { service: 'payments' }],
    ['/svc payments staging', 'service.status', { service: 'payments', environment: 'staging' }],
    ['/svc restart payments staging', 'service.restart', { service: 'payments', environment: 'staging' }],
    ['/svc restart payments in staging', 'service.restart', { service: 'payments', environment: 'staging' }],
    ['/svc Restart restart in staging', 'service.restart', { service: 'restart', environment: 'staging' }],
    [
      '/svc scale payments to 2 in staging',
      'service.scale',
      { service: 'payments', replicas: 2, environment: 'staging' },
    ],
    [
      '/svc scale payments 2 in staging',
      'service.scale',
      { service: 'payments', replicas: 2, environment: 'staging' },
    ],
    [
      '/svc logs search staging --lines 20',
      'service.logs',
      { service: 'search', environment: 'staging', lines: 20 },
    ],
    ['/svc overview', 'service.overview', {}],
    ['/svc --service logs', 'service.status', { service: 'logs' }],
    ['/svc --service restart', 'service.status', { service: 'restart' }],
    ['/svc “restart” staging', 'service.status', { service: 'restart', environment: 'staging' }],
  ])('%s is %s', (line, action, input) => {
    expect(parse(line)).toEqual({ kind: 'ask', action, input });
  });

  test('a verb with too little opens its own form', () => {
    expect(parse('/svc restart')).toEqual({ kind: 'form', action: 'service.restart', input: {} });
    expect(parse('/svc scale payments in staging')).toEqual({
      kind: 'form',
      action: 'service.scale',
      input: { service: 'payments', environment: 'staging' },
    });
  });

  test('numbers become numbers, and flags are known in any spelling', () => {
    for (const flag of ['--memory-gi', '--memoryGi', '--memorygi', '—memory_gi']) {
      expect(parse(`/env create x1 ${flag} 16`)).toEqual({
        kind: 'ask',
        action: 'environment.create',
        input: { name: 'x1', memoryGi: 16 },
      });
    }
  });

  test('what is missing opens the form with the rest', () => {
    expect(parse('/deploy payments')).toEqual({
      kind: 'form',
      action: 'deploy',
      input: { service: 'payments' },
    });
    expect(parse('/deploy payments to staging')).toEqual({
      kind: 'form',
      action: 'deploy',
      input: { service: 'payments', environment: 'staging' },
    });
    expect(parse('/env CREATE')).toEqual({ kind: 'form', action: 'environment.create', input: {} });
  });

  test.each(['/env', '/env help', '/env ?'])('%s is a call for help', (line) => {
    expect(parse(line)).toEqual({ kind: 'help' });
  });

  test.each(['/env create help', '/env create --help'])('%s is a call for help with that alone', (line) => {
    expect(parse(line)).toMatchObject({ kind: 'help', about: { action: { command: { verb: 'create' } } } });
  });

  test.each([
    ['/env destory x', { kind: 'help', preface: '/env cannot "destory". Did you mean "destroy"?' }],
    [
      '/env create x --bluprint y',
      { kind: 'problem', problem: { sentence: 'There is no --bluprint here. Did you mean "blueprint"?' } },
    ],
    ['/env create x --cpu lots', { kind: 'problem', problem: { sentence: 'CPU is a number, not "lots".' } }],
    [
      '/env create x --ttl 8h --ttl 9h',
      { kind: 'problem', problem: { sentence: 'Time to live is given twice.' } },
    ],
    [
      '/deploy a b to c d',
      { kind: 'problem', problem: { sentence: 'There is no place for "d" in this command.' } },
    ],
  ])('%s is answered with what is wrong', (line, expected) => {
    expect(parse(line)).toMatchObject(expected);
  });

  test('every example of every action is complete', () => {
    for (const [name, action] of actions) {
      for (const example of action.command.examples) {
        // The command alone never comes as far as being parsed.
        if (action.command.isBare && example === action.command.slash) continue;
        expect(parse(example), example).toMatchObject({ kind: 'ask', action: name });
      }
    }
  });

  test('any text at all is answered, and asks for nothing that the schema does not know', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('/env', '/deploy', '/svc'),
        fc.string({ unit: 'binary' }),
        (slash, text) => {
          const parsed = parseCommand(slash, group(slash), text);
          if (parsed.kind !== 'ask' && parsed.kind !== 'form') return true;
          const known = Object.keys(actions.get(parsed.action)?.input.shape ?? {});
          return Object.keys(parsed.input).every((field) => known.includes(field));
        },
      ),
    );
  });
});
