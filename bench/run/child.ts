import { spawn } from 'node:child_process';

/** A child that ended badly, with the end of what it said. */
export class ChildFailed extends Error {}

/**
 * Runs a program to its end and gives the JSON of its last line of output. Everything is measured in a process of
 * its own, so that no measurement inherits another's warmth or memory.
 * @throws ChildFailed
 */
export function measureIn<T>(
  program: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<T> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...environment },
    });
    let output = '';
    let complaints = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (complaints += chunk.toString()));
    child.on('error', reject);
    child.on('close', (code) => {
      const last = output.trimEnd().split('\n').at(-1) ?? '';
      if (code === 0) {
        // The bench's own programs print what `T` says.
        resolve(JSON.parse(last) as T);
        return;
      }
      reject(
        new ChildFailed(
          `${program} ${args.join(' ')} ended with ${code}:\n${complaints.slice(-2000)}${last}`,
        ),
      );
    });
  });
}

/** Whether a program starts at all. */
export function runs(program: string, args: readonly string[]): Promise<boolean> {
  return new Promise((resolve) => {
    const child = spawn(program, args, { stdio: 'ignore' });
    child.on('error', () => {
      resolve(false);
    });
    child.on('close', (code) => {
      resolve(code === 0);
    });
  });
}
