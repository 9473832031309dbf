import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

import { describe, expect, it } from 'vitest';

import type { ModelFacts } from '../../src/record/provenance.js';
import type { NetworkPlan, Session } from '../../src/runtime/network.js';
import { cpuProvider } from '../../src/runtime/onnxruntime/provider.js';
import { openSession } from '../../src/runtime/open.js';
import { readNetwork } from '../../src/runtime/read.js';
import { defaultSettings } from '../../src/runtime/session-settings.js';

const script = fileURLToPath(new URL('adapter.mjs', import.meta.url));
const model = fileURLToPath(new URL('../../package.json', import.meta.url));

const plain = { name: 'm', file: null, provider: cpuProvider };

const dims = [2, 3, 8, 8];
const batch = new Float32Array(2 * 3 * 8 * 8);

async function planOf(what: string): Promise<NetworkPlan> {
  const network = await readNetwork({
    ...plain,
    file: model,
    adapter: {
      command: [process.execPath, script, '{model}', what],
      startTimeoutSeconds: what === 'mute' ? 4 : 60,
      batchTimeoutSeconds: what === 'stall' ? 1 : 60,
    },
  });
  // A process needs nothing of the facts.
  return network.plan({} as ModelFacts);
}

async function using<T>(what: string, use: (session: Session) => Promise<T>): Promise<T> {
  const session = await openSession(await planOf(what), 'm', defaultSettings, 2);
  try {
    return await use(session);
  } finally {
    await session.release();
  }
}

/** Processes that run the script, zombies left out. */
function running(): string[] {
  const list = execFileSync('ps', ['-eo', 'stat,args'], { encoding: 'utf8' });
  return list.split('\n').filter((line) => line.includes(`${script} ${model}`) && !line.startsWith('Z'));
}

describe('an adapter', () => {
  it('gets batches and gives a row of scores an image', async () => {
    const { data, dims: shape } = await using('work', (session) => session.run(batch, dims));
    expect(shape).toEqual([2, 20]);
    expect([...data]).toEqual(new Array(40).fill(1));
  });

  it.each([
    ['die-first', /ended with exit code 3; its last lines:\n.*loading the network\n.*\n *no such device/],
    ['mute', /did not give its first line within 4 s; its last lines:\n *loading the network/],
    ['prose', /began with a line that is no JSON: "Hello! I am an adapter."/],
    ['incomplete', /says output wrongly in its first line/],
  ])('that begins with "%s" is a fault by name, before any image', async (what, message) => {
    await expect(planOf(what)).rejects.toThrow(message);
  });

  it.each([
    ['die', /ended by SIGKILL; its last lines:\n.*\n.*\n *out of memory/],
    ['stall', /did not give the scores of 2 images within 1 s/],
    ['garbage', /announced 1936025716 bytes where 2 rows of 80 bytes are due/],
    ['few', /gave 1 rows of scores for 2 images: too few/],
    ['many', /gave 3 rows of scores for 2 images: too many/],
    ['nan', /gave NaN as a score of class 0/],
  ])('that answers a batch with "%s" is a fault by name', async (what, message) => {
    await expect(using(what, (session) => session.run(batch, dims))).rejects.toThrow(message);
  });

  it('that writes what nobody asked for is a fault by name', async () => {
    const twice = using('twice', async (session) => {
      await session.run(batch, dims);
      await new Promise((resolve) => setTimeout(resolve, 1000));
      await session.run(batch, dims);
    });
    await expect(twice).rejects.toThrow(/wrote 164 bytes that nobody had asked for/);
  });

  it('that is not there is a fault by name', async () => {
    const adapter = { command: ['/no/such/program', model], startTimeoutSeconds: 5, batchTimeoutSeconds: 5 };
    await expect(readNetwork({ ...plain, adapter })).rejects.toThrow(/can't be started/);
    const nothing = { ...adapter, command: [process.execPath, '--version'] };
    await expect(readNetwork({ ...plain, adapter: nothing })).rejects.toThrow(
      /names no model file that exists/,
    );
  });

  it('is another network for the cache where its program is another', async () => {
    const adapter = {
      command: [process.execPath, script, model],
      startTimeoutSeconds: 60,
      batchTimeoutSeconds: 60,
    };
    const one = await readNetwork({ ...plain, adapter });
    const { sha256, identity } = one;
    expect(identity.adapter).toMatch(/^[0-9a-f]{64}$/);
    expect(identity.adapter).not.toBe(sha256);
    expect(identity).toMatchObject({ name: 'Faulty', version: '1.0', provider: 'cpu' });
  });

  it('none is left when its session is released, whatever it did', () => {
    expect(running()).toEqual([]);
  });
});
