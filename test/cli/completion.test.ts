import { spawnSync } from 'node:child_process';

import { describe, expect, it } from 'vitest';

import { commands } from '../../src/cli/command-list.js';
import { program } from '../e2e/program.js';

/** What a bash that has read the script offers for the last of these words. */
function offered(script: string, ...words: readonly string[]): string[] {
  const asked = `${script}\nCOMP_WORDS=(${words.join(' ')}); COMP_CWORD=${words.length - 1}; _imagenet_eval; printf '%s\\n' "\${COMPREPLY[@]}"`;
  return spawnSync('bash', ['-c', asked], { encoding: 'utf8' }).stdout.trim().split('\n');
}

describe('completion in a shell', () => {
  it('offers commands, then the options of the command', async () => {
    const { code, stdout } = await program(['completion', 'bash']);
    expect(code).toBe(0);
    expect(offered(stdout, 'imagenet-eval', 'ba')).toEqual(['baseline']);
    expect(offered(stdout, 'imagenet-eval', 'check', '--seq')).toEqual(['--sequential']);
    expect(offered(stdout, 'imagenet-eval', 'baseline', 'sa')).toEqual(['save']);
    expect(offered(stdout, 'imagenet-eval', 'verify', '--js')).toEqual(['--json']);
  });

  it('knows every command, for fish too', async () => {
    const { stdout } = await program(['completion', 'fish']);
    for (const name of Object.keys(commands)) expect(stdout).toContain(`-f -a ${name} -d '`);
  });
});

describe('help', () => {
  it('names every command in a line without loading one, and a misspelt command is told its neighbour', async () => {
    const { code, stdout } = await program(['--help']);
    expect(code).toBe(0);
    for (const name of Object.keys(commands)) expect(stdout).toMatch(new RegExp(`^ {2}${name}`, 'm'));
    const misspelt = await program(['chek', 'x']);
    expect(misspelt.code).toBe(2);
    expect(misspelt.stderr).toContain('Did you mean check?');
  });
});
