#!/usr/bin/env node
/** `greenlight <command>`: everything that is not the bot itself. */
import { Command } from 'commander';
import { ProblemError } from './core/problem.ts';
import { createLog } from './log.ts';

const program = new Command('greenlight').description('You ask, policy gives the green light.');

program
  .command('start')
  .description('start the bot: in its sandbox without any setting, for real with all of them')
  .action(async () => {
    await import('./main.ts');
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
  process.stderr.write(`${error.problem.sentence}\n${error.problem.next}\n`);
  process.exitCode = 1;
}
