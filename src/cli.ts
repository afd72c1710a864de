#!/usr/bin/env node
/** `greenlight <command>`: everything that is not the bot itself. */
import { existsSync } from 'node:fs';
import { Command } from 'commander';
import { registerAudit } from './commands/audit/register.ts';
import { registerData } from './commands/data/register.ts';
import { databaseOption, databasePlace } from './commands/database-option.ts';
import { ProblemError } from './core/problem.ts';
import { explainProblem } from './explain.ts';
import { createLog } from './log.ts';

const program = new Command('greenlight').description('You ask, policy gives the green light.');

program
  .command('start')
  .description('start the bot: in its sandbox without any setting, for real with all of them')
  .action(async () => {
    await import('./start.js');
  });

program
  .command('demo')
  .description('play the stories of the main job in a sandbox, and print them')
  .option('--mode <mode>', 'how Slack reaches the bot: socket or http', 'socket')
  .action(async ({ mode }: { mode: string }) => {
    const { playDemo } = await import('./demo/play.ts');
    const isTold = await playDemo({
      mode: mode === 'http' ? 'http' : 'socket',
      dataFolder: 'data',
      log: createLog({ level: 'error', form: 'lines' }),
      write: (line) => process.stdout.write(`${line}\n`),
    });
    process.exitCode = isTold ? 0 : 1;
  });

program
  .command('manifest')
  .description('print the Slack app manifest that fits the actions (manifest.yml is the one for socket mode)')
  .option('--url <url>', 'for http mode: where Slack reaches the bot, https://greenlight.example.com')
  .action(async ({ url }: { url?: string }) => {
    const [{ loadActions }, { manifestText }] = await Promise.all([
      import('./actions/load.ts'),
      import('./manifest-text.ts'),
    ]);
    const mode =
      url === undefined ? ({ mode: 'socket' } as const) : ({ mode: 'http', publicUrl: url } as const);
    process.stdout.write(manifestText(await loadActions(), mode));
  });

const catalog = program.command('catalog').description('what exists: services, groups, clusters');

catalog
  .command('import')
  .description(
    'add services and groups from elsewhere to the catalog; prints the difference, writes it with --write',
  )
  .option('--backstage <paths...>', 'catalog-info.yaml files, or folders of them')
  .option('--cluster <names...>', 'clusters of the catalog whose labelled Deployments are services')
  .option('--kubeconfig <file>', 'how those clusters are reached', process.env.KUBECONFIG)
  .option('--organisation <name>', 'whose repositories those are that say nothing of theirs')
  .option('--catalog <file>', 'the catalog', 'data/catalog.yml')
  .option('--write', 'change the file', false)
  .action(async (given: ImportArguments) => {
    const { importCatalog } = await import('./commands/import-catalog.ts');
    const { backstage = [], cluster = [], kubeconfig, organisation } = given;
    await importCatalog(
      {
        catalog: given.catalog,
        backstage,
        clusters: cluster,
        isWritten: given.write,
        ...(kubeconfig === undefined ? {} : { kubeconfig }),
        ...(organisation === undefined ? {} : { organisation }),
      },
      (line) => process.stdout.write(`${line}\n`),
    );
  });

const policy = program
  .command('policy')
  .description('the guardrails: what is wrong with them, and what they say');

const policyFile = ['--policy <file>', 'the guardrails', 'data/policy.yml'] as const;
const dataFolder = ['--data <folder>', 'where the catalog, blueprints and workflows are', 'data'] as const;
const write = (line: string) => void process.stdout.write(`${line}\n`);

policy
  .command('check')
  .description('types, invariants, rules that can do nothing, and requirements that nobody could meet')
  .option(...policyFile)
  .option(...dataFolder)
  .option('--strict', 'a note is a mistake', false)
  .action(async (given: { policy: string; data: string; strict: boolean }) => {
    const [{ policyCheck }, { loadWorld }] = await Promise.all([
      import('./commands/policy/check.ts'),
      import('./commands/policy/files.ts'),
    ]);
    const options = { file: given.policy, isStrict: given.strict };
    process.exitCode = await policyCheck(options, await loadWorld(given.data), write);
  });

policy
  .command('test')
  .description('the examples of data/policy.test.yml: which promise is not kept')
  .option(...policyFile)
  .option(...dataFolder)
  .option('--examples <file>', 'facts, and what must come out', 'data/policy.test.yml')
  .action(async (given: { policy: string; data: string; examples: string }) => {
    const [{ policyTest }, { loadWorld }] = await Promise.all([
      import('./commands/policy/test.ts'),
      import('./commands/policy/files.ts'),
    ]);
    const options = { file: given.policy, examples: given.examples };
    process.exitCode = await policyTest(options, await loadWorld(given.data), write);
  });

policy
  .command('explain <line>')
  .description(
    'what would come of a command line, and what each rule says: "/deploy payments v1.4.2 to production"',
  )
  .requiredOption('--as <person>', 'who asks: an e-mail address of the catalog, or "system"')
  .option('--at <time>', 'when: "2026-11-21 18:00" in the zone of the catalog; now when not given')
  .option('--fact <facts...>', 'what only the outside knows: change.checks=red', [])
  .option('--unknown <paths...>', 'facts that could not be had: change.checks', [])
  .option(...policyFile)
  .option(...dataFolder)
  .action(async (line: string, given: ExplainArguments) => {
    const [{ policyExplain }, { loadWorld }] = await Promise.all([
      import('./commands/policy/explain.ts'),
      import('./commands/policy/files.ts'),
    ]);
    const { policy: file, as, at, fact: facts, unknown } = given;
    await policyExplain(
      { file, line, as, at, facts, unknown },
      Date.now(),
      await loadWorld(given.data),
      write,
    );
  });

policy
  .command('diff <file>')
  .description(
    'what another policy would have said of all that was asked for; exits 1 when something would change',
  )
  .option('--since <span>', 'how far back', '30d')
  .option(databaseOption, 'where it was recorded, only read; of the settings when not given')
  .option('--accept <directions...>', 'changes that are wanted: looser, stricter, or both for any', [])
  .option(...dataFolder)
  .action(async (file: string, given: DiffArguments) => {
    const [{ policyDiff }, { loadWorld }] = await Promise.all([
      import('./commands/policy/diff.ts'),
      import('./commands/policy/files.ts'),
    ]);
    const { since } = given;
    const database = databasePlace(given.database);
    const accepted = (['looser', 'stricter'] as const).filter((one) => given.accept.includes(one));
    const options = { file, database, since, accepted };
    process.exitCode = await policyDiff(options, Date.now(), await loadWorld(given.data), write);
  });

registerAudit(program, write);
registerData(program, write);

program
  .command('doctor')
  .description(
    'look at everything that can be wrong with an installation; changes nothing, exits 1 when something is',
  )
  .option(databaseOption, 'a file or a PostgreSQL; of the settings when not given')
  .option('--offline', 'ask nobody outside', false)
  .option('--json', 'for programs', false)
  .action(async (given: { database?: string; offline: boolean; json: boolean }) => {
    const { doctor } = await import('./commands/doctor/doctor.ts');
    if (existsSync('.env')) process.loadEnvFile('.env');
    const { offline: isOffline, json: isJson } = given;
    const database = given.database === undefined ? {} : { database: databasePlace(given.database) };
    process.exitCode = await doctor(
      { environment: process.env, isOffline, isJson, ...database },
      Date.now,
      write,
    );
  });

interface ExplainArguments {
  readonly as: string;
  readonly at?: string;
  readonly fact: string[];
  readonly unknown: string[];
  readonly policy: string;
  readonly data: string;
}

interface DiffArguments {
  readonly since: string;
  readonly database?: string;
  readonly accept: string[];
  readonly data: string;
}

interface ImportArguments {
  readonly backstage?: string[];
  readonly cluster?: string[];
  readonly kubeconfig?: string;
  readonly organisation?: string;
  readonly catalog: string;
  readonly write: boolean;
}

try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof ProblemError)) throw error;
  process.stderr.write(`${explainProblem(error.problem)}\n`);
  process.exitCode = 1;
}
