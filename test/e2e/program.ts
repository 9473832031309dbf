import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { expect } from 'vitest';

export const projectDir = fileURLToPath(new URL('../../', import.meta.url));
const main = join(projectDir, 'dist/cli/main.js');

export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the built program as a user does; its cache is a folder of the test's own. */
export function program(
  args: readonly string[],
  options: { readonly cwd?: string; readonly env?: Readonly<Record<string, string>> } = {},
): Promise<Finished> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [main, ...args], {
      cwd: options.cwd ?? projectDir,
      env: { ...process.env, IMAGENET_EVAL_CACHE: '/nonexistent/never-used', ...options.env },
    });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    child.on('error', reject);
    child.on('close', (code) => {
      resolve({ code, stdout, stderr });
    });
  });
}

/** What no user should ever see: a stack, or a rejection that nobody caught. */
export function expectNoStack({ stdout, stderr }: Finished): void {
  const text = stdout + stderr;
  expect(text).not.toMatch(/^ {4}at /m);
  expect(text).not.toMatch(/UnhandledPromise|ERR_UNHANDLED|node:internal|this is a bug/i);
}
