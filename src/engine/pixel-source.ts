import type { PixelBlock } from 'reference-pixels/recipe';
import { messageOf } from '../domain/errors.js';
import { PartWriter } from '../prepared/part.js';
import { PreparedReader, type PreparedPlace } from '../prepared/reader.js';
import type { JobImage } from './messages.js';
import type { Preparation, PreparedImage } from './preparation.js';

/** Makes an image's pixels for the recipes of these indices from the encoded file. */
export type MakePixels = (image: JobImage, recipes: ReadonlySet<number>) => Promise<Preparation>;

/** Who is told of prepared images that can't be read or written. */
export interface PixelEvents {
  readonly onDamaged: (file: string, why: string) => void;
  readonly onWarning: (text: string) => void;
}

/**
 * An image's pixels as one thread gets them: those that are prepared are read, the others made from the encoded file,
 * and kept where a folder is to be filled. Both give the same bytes.
 */
export class PixelSource {
  private readonly reader = new PreparedReader();
  /** By folder: recipes of one geometry share it. */
  private readonly writers = new Map<string, PartWriter>();

  constructor(
    /** By model: index of its recipe. */
    private readonly recipeOf: readonly number[],
    /** By recipe: the folder that is to be filled; null for none. */
    private readonly keepIn: readonly (string | null)[],
    private readonly make: MakePixels,
    private readonly events: PixelEvents,
  ) {}

  /** @param keep whether what is made is kept, where a folder is to be filled */
  async pixels(image: JobImage, keep: boolean): Promise<Preparation> {
    if (image.made !== undefined) {
      const { blocks, ...seconds } = image.made;
      return { kind: 'prepared', prepared: { image, blocks }, ...seconds };
    }
    const start = performance.now();
    const wanted = new Map<number, PreparedPlace | null>();
    image.models.forEach((model, index) => wanted.set(this.recipeOf[model]!, image.places[index] ?? null));
    const blocks = new Map<number, PixelBlock>();
    for (const [recipe, place] of wanted) {
      const block = place === null ? null : await this.read(place);
      if (block !== null) blocks.set(recipe, block);
    }
    const missing = new Set([...wanted.keys()].filter((recipe) => !blocks.has(recipe)));
    if (missing.size === 0) {
      const prepareSeconds = (performance.now() - start) / 1000;
      return { kind: 'prepared', prepared: { image, blocks }, decodeSeconds: 0, prepareSeconds };
    }
    if (image.bytes === null)
      return {
        kind: 'bad',
        image,
        fault: {
          code: 'prepared-damaged',
          what: 'its prepared pixels are damaged, and the encoded file is not at hand',
          remedy: 'Prepare the images again: `imagenet-eval prepare CONFIG --out DIR` makes what is missing.',
        },
      };
    const made = await this.make(image, missing);
    if (made.kind === 'bad') return made;
    if (keep) await this.keep(made.prepared);
    for (const [recipe, block] of made.prepared.blocks) blocks.set(recipe, block);
    return { ...made, prepared: { image, blocks } };
  }

  /** Takes pixels back that nobody looks at any more. */
  release({ blocks }: PreparedImage): void {
    for (const block of blocks.values()) this.reader.release(block);
  }

  async close(): Promise<void> {
    for (const writer of this.writers.values()) await writer.finish();
    await this.reader.close();
  }

  private async read(place: PreparedPlace): Promise<PixelBlock | null> {
    try {
      return await this.reader.read(place);
    } catch (error) {
      this.events.onDamaged(place.file, messageOf(error));
      return null;
    }
  }

  private async keep({ image, blocks }: PreparedImage): Promise<void> {
    const written = new Set<string>();
    for (const [recipe, block] of blocks) {
      const folder = this.keepIn[recipe] ?? null;
      if (folder === null || written.has(folder)) continue;
      written.add(folder);
      await this.writerFor(folder).add(image, image.sha256, block);
    }
  }

  private writerFor(folder: string): PartWriter {
    const known = this.writers.get(folder);
    if (known !== undefined) return known;
    const writer = new PartWriter(folder, (why) => {
      this.events.onWarning(
        `no more prepared images are kept in ${folder}: ${why}. The run goes on without.`,
      );
    });
    this.writers.set(folder, writer);
    return writer;
  }
}
