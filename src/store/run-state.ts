import { readFile, rename, rm, rmdir } from 'node:fs/promises';
import { dirname, isAbsolute, join, normalize, sep } from 'node:path';
import * as z from 'zod';
import { systemCode } from '../domain/errors.js';
import { className, recipeSchema } from '../record/provenance.js';
import { makeFolder, writeDurably, writeFault } from './durable.js';
import { lifeOf, processIdentity, thisProcess, type ProcessIdentity } from './process-identity.js';

/** Where a report folder says that its run has ended, when, and which files are the run's own. */
const finishedFile = 'finished.json';

/** Where a run that is going on says what it runs, for those who look on. */
const runningFile = 'running.json';

const shownShape = z.object({
  /** Absolute path. */
  images: z.string(),
  recipe: recipeSchema,
});

/** Where a run's images are, and how its first network is shown them: for whoever looks on or looks later. */
export type ShownImages = z.infer<typeof shownShape>;

const watchedModel = z.object({ name: z.string(), comparedWith: z.int().nullable() });

/** A model's name, and the place of the one that it is compared with. */
export type WatchedModel = Readonly<z.infer<typeof watchedModel>>;

const runningShape = processIdentity.extend({
  startedAt: z.iso.datetime(),
  title: z.string().nullable(),
  /** null where scores came from elsewhere, without a recipe. */
  shown: shownShape.nullable(),
  images: z.int(),
  models: z.array(watchedModel.extend({ outputDtype: z.string() })),
  classes: z.array(className),
});

/** Models by their names, with the place of the one that each is compared with. */
export function watchedModels(
  models: readonly { readonly name: string; readonly compareWith: string | null }[],
): WatchedModel[] {
  const names = models.map(({ name }) => name);
  return models.map(({ name, compareWith }) => ({
    name,
    comparedWith: compareWith === null ? null : names.indexOf(compareWith),
  }));
}

/** What a running run says of itself. */
export type RunningState = z.infer<typeof runningShape>;

/** @throws StoreError if it can't be written */
export async function markRunning(
  folder: string,
  state: Omit<RunningState, keyof ProcessIdentity>,
): Promise<void> {
  const file = join(folder, runningFile);
  try {
    await writeDurably(file, [JSON.stringify({ ...thisProcess(), ...state })]);
  } catch (error) {
    throw writeFault(file, error);
  }
}

/** What the run in a folder says of itself while it goes on, and after it was killed; null where there is none. */
export async function readRunning(folder: string): Promise<RunningState | null> {
  const value = await readJson(join(folder, runningFile));
  const parsed = runningShape.safeParse(value);
  return parsed.success ? parsed.data : null;
}

/** Whether the process that wrote this still lives; another host's counts as living. */
export function isGoingOn(state: RunningState): boolean {
  return lifeOf(state) !== 'dead';
}

/** Folder, within a report folder, of the runs that newer ones have succeeded. */
const earlierFolder = 'earlier';

const insideFolder = z
  .string()
  .refine((path) => !isAbsolute(path) && normalize(path) === path && path.split(sep)[0] !== '..');

const shape = z.strictObject({
  at: z.iso.datetime(),
  files: z.array(insideFolder),
  /** null where the run did not read images, as a merge. */
  shown: shownShape.nullable().default(null),
});

type FinishedRun = z.infer<typeof shape>;

/**
 * Says that a run has ended and that `files`, relative to its folder, are what it wrote. What an earlier run wrote beside
 * them goes to the earlier runs: a folder holds the files of one run.
 *
 * @throws StoreError if it can't be written
 */
export async function markFinished(folder: string, files: readonly string[]): Promise<void> {
  const before = await readFinished(folder);
  const own = new Set(files);
  const running = await readRunning(folder);
  const now: FinishedRun = {
    at: new Date().toISOString(),
    files: [...own],
    shown: running?.shown ?? null,
  };
  try {
    if (before !== null)
      await move(
        folder,
        dated(folder, before),
        before.files.filter((file) => !own.has(file)),
      );
    await writeDurably(join(folder, finishedFile), [`${JSON.stringify(now, null, 2)}\n`]);
    await rm(join(folder, runningFile), { force: true });
  } catch (error) {
    throw writeFault(join(folder, finishedFile), error);
  }
}

/**
 * Makes room for another run: moves what a finished one wrote, and `more`, to `earlier/<its date>`. Nothing that the run
 * did not write is touched.
 *
 * @returns whether there was a finished run
 * @throws StoreError if it can't be moved
 */
export async function setAside(folder: string, more: readonly string[]): Promise<boolean> {
  const finished = await readFinished(folder);
  if (finished === null) return false;
  const target = dated(folder, finished);
  try {
    await move(folder, target, [...finished.files, ...more, finishedFile]);
  } catch (error) {
    throw writeFault(target, error);
  }
  return true;
}

/** null where there is none, or none that can be read: then nobody can say that the run has ended. */
export async function readFinished(folder: string): Promise<FinishedRun | null> {
  const parsed = shape.safeParse(await readJson(join(folder, finishedFile)));
  return parsed.success ? parsed.data : null;
}

/** undefined where the file is missing or no JSON. */
async function readJson(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch {
    return undefined;
  }
}

/** `2026-11-26_02-00-13`: a name that sorts by time and that every file system takes. */
function dated(folder: string, { at }: FinishedRun): string {
  return join(folder, earlierFolder, at.slice(0, 19).replace('T', '_').replaceAll(':', '-'));
}

async function move(from: string, to: string, files: readonly string[]): Promise<void> {
  for (const file of files) {
    const target = join(to, file);
    await makeFolder(dirname(target));
    try {
      await rename(join(from, file), target);
    } catch (error) {
      // Whatever the user has taken away already is not missed.
      if (systemCode(error) !== 'ENOENT') throw error;
    }
  }
  for (const inner of new Set(files.map((file) => dirname(file)).filter((name) => name !== '.')))
    await rmdir(join(from, inner)).catch(() => undefined);
}
