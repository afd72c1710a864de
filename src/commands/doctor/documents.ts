/** The files that people write: catalog, blueprints, workflows and policy. */
import { join } from 'node:path';
import { policyCheck } from '../policy/check.ts';
import { loadWorld } from '../policy/files.ts';
import { type Finding, failure, findings, warning, well } from './finding.ts';

export async function checkDocuments(dataFolder: string): Promise<readonly Finding[]> {
  return findings('documents', async () => {
    const world = await loadWorld(dataFolder);
    const file = join(dataFolder, 'policy.yml');
    const lines: string[] = [];
    const code = await policyCheck({ file, isStrict: false }, world, (line) => lines.push(line));
    const summary = lines.pop() ?? '';
    const found = [well('documents', 'The catalog with its blueprints and workflows can be read.')];
    if (code !== 0)
      return [
        ...found,
        failure(
          'policy',
          [...lines, summary].join('\n'),
          `Mend ${file}; the bot goes on with the last that was well.`,
        ),
      ];
    // Notes are many lines: they are told where they are asked for.
    return [
      ...found,
      lines.length === 0
        ? well('policy', summary)
        : warning('policy', summary, 'Read the notes: `greenlight policy check`.'),
    ];
  });
}
