import { readdir, stat } from 'node:fs/promises';
import { basename, extname, join, relative } from 'node:path';

import type { Sha256 } from '../../domain/domain.js';
import { ModelError } from '../../domain/errors.js';
import { digestOfFiles, sha256OfFile } from '../../model/file-digest.js';
import type { ReadNetwork } from '../network.js';
import { defaultSettings } from '../session-settings.js';
import { Adapter } from './adapter.js';
import { describeHandshake } from './handshake.js';
import type { AdapterCommand } from './plan.js';

/**
 * Reads a network that runs in a process of its own: hashes what the command names, and asks it what it is. The model is
 * `given`, in the place of `{model}`, or the last file or folder among the arguments; the other files are the adapter.
 * @throws ModelError where the command names no model, or the adapter does not answer as docs/adapters.md says
 */
export async function readProcessNetwork(
  name: string,
  given: string | null,
  adapter: AdapterCommand,
): Promise<ReadNetwork> {
  const command = adapter.command.map((part) => (given === null ? part : part.replaceAll('{model}', given)));
  const options: AdapterCommand = { ...adapter, command };
  const named: string[] = [];
  for (const argument of command.slice(1)) if (await isThere(argument)) named.push(argument);
  const file = given ?? named.at(-1);
  if (file === undefined) {
    throw new ModelError({
      code: 'adapter-no-model',
      what: `the command names no model file that exists: ${command.join(' ')}`,
      where: name,
      remedy:
        'Name the model file (or folder) as an argument; its SHA-256 is part of what a figure rests on.',
    });
  }
  const running = new Adapter(options, name, defaultSettings.intraOpNumThreads);
  const said = await running.handshake();
  await running.end();
  const programs = named.filter((path) => path !== file);
  if (programs.length === 0 && (await isThere(command[0]!))) programs.push(command[0]!);
  const model = await digest([file, ...(await companions(file))]);
  const { version, provider, device, driver } = said;
  return {
    file,
    sha256: model.sha256,
    bytes: model.bytes,
    describe: () => describeHandshake(said),
    identity: {
      name: said.name,
      version,
      provider,
      device,
      driver,
      threads: said.threads,
      adapter: programs.length === 0 ? null : (await digest(programs)).sha256,
    },
    plan: () => ({ runtime: 'process', ...options, said }),
  };
}

function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    (info) => info.isFile() || info.isDirectory(),
    () => false,
  );
}

/** Weights that lie beside a model's description: OpenVINO's `.bin` beside `.xml`. */
async function companions(file: string): Promise<string[]> {
  if (extname(file).toLowerCase() !== '.xml') return [];
  const weights = `${file.slice(0, -4)}.bin`;
  return (await isThere(weights)) ? [weights] : [];
}

/** SHA-256 and size: of one file its own; of several files and folders over the names and hashes of all files in order. */
async function digest(
  paths: readonly string[],
): Promise<{ readonly sha256: Sha256; readonly bytes: number }> {
  const files: { readonly name: string; readonly path: string }[] = [];
  for (const path of paths) {
    if (!(await stat(path)).isDirectory()) files.push({ name: basename(path), path });
    else
      for (const entry of (await readdir(path, { recursive: true, withFileTypes: true })).sort((a, b) =>
        join(a.parentPath, a.name) < join(b.parentPath, b.name) ? -1 : 1,
      )) {
        const whole = join(entry.parentPath, entry.name);
        if (entry.isFile()) files.push({ name: relative(path, whole), path: whole });
      }
  }
  let bytes = 0;
  const hashed: { readonly name: string; readonly sha256: Sha256 }[] = [];
  for (const { name, path } of files) {
    hashed.push({ name, sha256: await sha256OfFile(path) });
    bytes += (await stat(path)).size;
  }
  const [only] = hashed;
  return { sha256: only !== undefined && hashed.length === 1 ? only.sha256 : digestOfFiles(hashed), bytes };
}
