import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { projectDir } from '../e2e/program.js';
import { scratch } from '../scratch.js';
import { describeWithShared } from '../shared.js';

const { dir } = scratch();

interface Fence {
  readonly kind: string;
  readonly body: string;
}

/** The fenced blocks of a document, in order. */
function fences(document: string): Fence[] {
  const text = readFileSync(join(projectDir, document), 'utf8');
  return [...text.matchAll(/^```(\w+)\n([^]*?)^```$/gm)].map(([, kind, body]) => ({
    kind: kind!,
    body: body!,
  }));
}

/** Commands of the program, a line each, without comments. */
function commands({ body }: Fence): string[] {
  return body
    .split('\n')
    .map((line) => line.replace(/\s+#.*$/, '').trim())
    .filter((line) => line.includes('npx imagenet-eval'));
}

/** A folder in which a reader stands: `npx imagenet-eval` is this build. */
function sandbox(name: string): string {
  const folder = join(dir, name);
  mkdirSync(join(folder, 'bin'), { recursive: true });
  const npx = join(folder, 'bin/npx');
  writeFileSync(
    npx,
    `#!/bin/sh\nshift\nexec "${process.execPath}" "${join(projectDir, 'dist/cli/main.js')}" "$@"\n`,
  );
  chmodSync(npx, 0o755);
  symlinkSync(join(projectDir, 'demo'), join(folder, 'demo'));
  symlinkSync(join(projectDir, 'configs'), join(folder, 'configs'));
  return folder;
}

interface Ran {
  readonly code: number | null;
  readonly text: string;
}

function run(command: string, cwd: string): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const child = spawn('bash', ['-c', command], {
      cwd,
      env: {
        ...process.env,
        PATH: `${join(cwd, 'bin')}:${process.env['PATH'] ?? ''}`,
        IMAGENET_EVAL_CACHE: join(cwd, 'cache'),
      },
    });
    let text = '';
    child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (text += chunk.toString()));
    child.on('error', reject);
    child.on('close', (code) => {
      resolve({ code, text });
    });
  });
}

/** Writes a YAML block under the name in its first line, and runs every command; what is printed of them must be told. */
async function follow(
  document: string,
  folder: string,
  skipped: (command: string) => boolean,
): Promise<void> {
  let told = '';
  for (const fence of fences(document)) {
    if (fence.kind === 'yaml') {
      const name = /^# (\S+\.yaml)/.exec(fence.body)?.[1];
      if (name !== undefined && !name.includes('/')) writeFileSync(join(folder, name), fence.body);
    }
    if (fence.kind === 'sh')
      for (const command of commands(fence)) {
        if (skipped(command)) continue;
        const { code, text } = await run(command, folder);
        expect(code, `${command}\n${text}`).toBeOneOf([0, 1]);
        expect(text, command).not.toMatch(/^ {4}at |this is a bug/m);
        told = text;
      }
    if (fence.kind === 'text')
      for (const line of fence.body.trim().split('\n'))
        expect(
          told.split('\n').map((one) => one.trim()),
          document,
        ).toContain(line.trim());
  }
}

describe('every command of the tutorials runs, in order, and says what they print of it', () => {
  const tutorials = readdirSync(join(projectDir, 'docs')).filter((name) => name.startsWith('tutorial-'));

  it.each(tutorials)('%s', async (name) => {
    await follow(`docs/${name}`, sandbox(name), () => false);
  });
});

describeWithShared('every command of README runs, in order, on a small set', (shared) => {
  it('but those that need the real weights and the real archive', async () => {
    const folder = sandbox('readme');
    mkdirSync(join(folder, 'val'));
    const images = readdirSync(`${shared}imagenet/val227`).sort();
    for (const name of images.slice(0, 12))
      symlinkSync(`${shared}imagenet/val227/${name}`, join(folder, 'val', name));
    for (const [name, file] of [
      ['float.onnx', 'hardnet39ds.onnx'],
      ['int8.onnx', 'hardnet39ds_qdq_int8.onnx'],
      ['new_int8.onnx', 'hardnet39ds_qdq_int8.onnx'],
      ['model.onnx', 'hardnet39ds.onnx'],
    ] as const)
      symlinkSync(`${shared}models/${file}`, join(folder, name));
    const skipped: string[] = [];
    await follow('README.md', folder, (command) => {
      const skip = /hardnet39ds|imagenet-eval view/.test(command);
      if (skip) skipped.push(command);
      return skip;
    });
    expect(skipped).toEqual([
      'npx imagenet-eval fetch hardnet39ds_pt_224',
      'npx imagenet-eval fetch hardnet39ds_pt_224_qdq_int8',
      'npx imagenet-eval verify configs/hardnet39ds.yaml',
      'IMAGENET_VAL=/data/ILSVRC2012_img_val.tar npx imagenet-eval run configs/hardnet39ds.yaml --out reports/hardnet39ds',
      'npx imagenet-eval view reports/nightly',
    ]);
  });
});
