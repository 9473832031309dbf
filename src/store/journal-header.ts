import { createHash } from 'node:crypto';
import * as z from 'zod';
import type { LabelledImage, Sha256 } from '../domain/domain.js';
import { StoreError } from '../domain/errors.js';
import { partLabels, modelKeyParts, type KeyedModel } from './key.js';

/** All that moves a run's figure, under names that a user knows. */
type Settings = Readonly<Record<string, string | number | boolean | null>>;

/** An image of the run's list. */
export interface ListedImage extends LabelledImage {
  /** Its place, from 0, in the whole list in canonical order, before sharding. */
  readonly index: number;
}

/** Part `index` of `of`, from 1, and how many images of the list are its share. */
export interface JournalShard {
  readonly index: number;
  readonly of: number;
  readonly images: number;
}

/** What a journal says of its run before the first image. */
export interface JournalHeader {
  readonly settings: Settings;
  /** In the run's order. */
  readonly models: readonly KeyedModel[];
  /** The whole list before sharding, and `listDigest` of it. */
  readonly list: { readonly images: number; readonly digest: Sha256 };
  readonly shard: JournalShard | null;
}

/** SHA-256 over `id TAB label LF` of all images in canonical order. */
export function listDigest(images: Iterable<LabelledImage>): Sha256 {
  const hash = createHash('sha256');
  for (const { id, label } of images) hash.update(`${id}\t${label}\n`);
  return hash.digest('hex');
}

/** What to do about a journal that can't be gone on with. */
export const startOver = 'Start over with --fresh, or give another --out.';

const FORMAT = 'onnx-imagenet-eval journal';
const VERSION = 1;

const shape = z.strictObject({
  format: z.literal(FORMAT),
  version: z.literal(VERSION),
  settings: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
  models: z.array(
    z.strictObject({
      name: z.string(),
      recipe: z.string().nullable(),
      key: z.string(),
      parts: modelKeyParts,
    }),
  ),
  list: z.strictObject({ images: z.number(), digest: z.string() }),
  shard: z.strictObject({ index: z.number(), of: z.number(), images: z.number() }).nullable(),
});

/** A header as the first line of JSON holds it. */
export function encodeHeader(header: JournalHeader): object {
  const { settings, models, list, shard } = header;
  return { format: FORMAT, version: VERSION, settings, models, list, shard };
}

/** @throws StoreError if it is no header of a journal, or one of another version */
export function decodeHeader(value: unknown, file: string): JournalHeader {
  const parsed = shape.safeParse(value);
  if (parsed.success) return parsed.data;
  const version = z.object({ format: z.literal(FORMAT), version: z.number() }).safeParse(value);
  throw new StoreError({
    code: 'journal-format',
    what: version.success
      ? `is a journal of version ${version.data.version}, and this program reads version ${VERSION}`
      : 'is no journal of onnx-imagenet-eval',
    where: file,
    remedy: startOver,
  });
}

/** What separates two headers, one line a thing: `name: old -> new`. Empty if a run under one may go on under the other. */
export function headerChanges(old: JournalHeader, now: JournalHeader): string[] {
  const changes = differences('', old.settings, now.settings);
  const names = (header: JournalHeader) => header.models.map((model) => model.name);
  if (names(old).join('\n') !== names(now).join('\n'))
    changes.push(change('models', names(old).join(', '), names(now).join(', ')));
  else
    old.models.forEach((model, index) => {
      changes.push(...differences(`${model.name}: `, label(model), label(now.models[index]!)));
    });
  // Another size of the list is said, and so is what changes its labels: the digest says no more.
  const explained = changes.length > 0;
  if (old.list.images !== now.list.images)
    changes.push(change('images in the list', old.list.images, now.list.images));
  else if (old.list.digest !== now.list.digest && !explained)
    changes.push(change('names or labels of the images (digest)', old.list.digest, now.list.digest));
  const shardOf = ({ shard }: JournalHeader) => (shard === null ? 'none' : `${shard.index}/${shard.of}`);
  if (shardOf(old) !== shardOf(now)) changes.push(change('shard', shardOf(old), shardOf(now)));
  return changes;
}

function label(model: KeyedModel): Settings {
  return Object.fromEntries(
    Object.entries(model.parts).map(([part, value]) => [
      partLabels[part as keyof typeof partLabels], // Object.entries loses the key's type.
      Array.isArray(value) ? value.join(' ') : (value as string | number | null),
    ]),
  );
}

function differences(prefix: string, old: Settings, now: Settings): string[] {
  return [...new Set([...Object.keys(old), ...Object.keys(now)])]
    .filter((name) => old[name] !== now[name])
    .map((name) => change(prefix + name, old[name], now[name]));
}

function change(name: string, old: Settings[string] | undefined, now: Settings[string] | undefined): string {
  const text = (value: Settings[string] | undefined) =>
    value === undefined ? '(not stated)' : String(value);
  return `${name}: ${text(old)} -> ${text(now)}`;
}
