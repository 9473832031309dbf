import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

import { ModelError } from '../../domain/errors.js';
import { builtFile } from '../../domain/package-folder.js';
import { remedies, type Provider } from './provider.js';

/** How many nodes of a graph a provider computes, and which operators are left to the CPU. */
export interface Placement {
  readonly taken: number;
  readonly left: number;
  readonly leftOperators: readonly string[];
}

const SECONDS = 120;
const script = fileURLToPath(builtFile('runtime/onnxruntime/placement-process.js'));

/**
 * Opens a network by a provider in a process of its own and reads where its nodes went.
 * @throws ModelError `provider-missing` with onnxruntime's reason where the provider can't be had
 */
export async function placementOf(file: string, provider: Provider, where: string): Promise<Placement> {
  const { code, log } = await openedElsewhere(file, provider);
  const placement = readPlacement(log);
  if (code === 0 && placement !== null) return placement;
  const reason = log
    .split('\n')
    .filter((line) => /error|couldn't|cannot|failed/i.test(line) && !/\[[VI]:/.test(line));
  throw new ModelError({
    code: 'provider-missing',
    what: `onnxruntime can't run the model by ${provider.name}: ${reason.slice(-3).join('; ').slice(0, 800) || (code === null ? `nothing came of it in ${SECONDS} s` : `its process ended with ${code}`)}`,
    where,
    remedy: remedies[provider.name],
  });
}

/** From onnxruntime's verbose log; null where it does not say. */
export function readPlacement(log: string): Placement | null {
  const counts = [...log.matchAll(/placed on \[(\w+)\]\. Number of nodes: (\d+)([^]*?)(?=placed on \[|$)/g)];
  if (counts.length === 0) return null;
  const onCpu = counts.filter(([, name]) => name === 'CPUExecutionProvider');
  const sum = (list: typeof counts): number => list.reduce((total, [, , count]) => total + Number(count), 0);
  const operators = onCpu.flatMap(([, , , lines = '']) =>
    [...lines.matchAll(/VerifyEachNodeIsAssignedToAnEp\]\s+(\w+) \(/g)].map(([, operator]) => operator!),
  );
  return { taken: sum(counts) - sum(onCpu), left: sum(onCpu), leftOperators: [...new Set(operators)].sort() };
}

function openedElsewhere(file: string, provider: Provider): Promise<{ code: number | null; log: string }> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [script, file, JSON.stringify(provider)], {
      stdio: ['ignore', 'ignore', 'pipe'],
      timeout: SECONDS * 1000,
      killSignal: 'SIGKILL',
    });
    const chunks: Buffer[] = [];
    child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk));
    const done = (code: number | null): void => {
      resolve({ code, log: Buffer.concat(chunks).toString() });
    };
    child.on('error', () => {
      done(null);
    });
    child.on('close', done);
  });
}
