import type { ImageModel, ImageSource, ImageTable, Ranked } from './images.js';

/**
 * The images of a run as a page carries them: columns of bytes, deflated, in base64. 50 000 images of four models take
 * about half a megabyte. `report/pack-images.ts` writes it.
 */
export interface PackedImages {
  readonly version: 1;
  readonly count: number;
  readonly classes: readonly string[];
  readonly models: readonly (ImageModel & {
    /** Lower edges of the bars that `margin` counts in. */
    readonly margins: readonly number[];
    /** Bins of [0, 1] that `confidence` counts in. */
    readonly bins: number;
  })[];
  /** Characters a name has at most, and code units of all names, transposed: the first of each name, the second ... */
  readonly nameLength: number;
  /** Places that have a picture in the page, the most telling first. */
  readonly chosen: readonly number[];
  /** Every model's five best of the chosen images. */
  readonly best: readonly (readonly (readonly Ranked[])[])[];
  /**
   * Deflated bytes: names (UTF-16 code units, low bytes then high bytes of the transposed matrix), labels (low bytes,
   * high bytes), then for each model Top-1 exclusive-or label (low, high; NaN is the label exclusive-or 65535), margin
   * bar + 1, confidence bin + 1 (0: none) and 1 for a tie.
   */
  readonly columns: string;
}

/** The page's images as a source; pictures are those that the page shows already. */
export async function unpack(
  packed: PackedImages,
  pictures: ReadonlyMap<number, string>,
): Promise<ImageSource> {
  const bytes = await inflate(packed.columns);
  const table = tableOf(packed, bytes);
  const bestAt = new Map(packed.chosen.map((at, place) => [at, packed.best[place]!]));
  return {
    classes: packed.classes,
    models: packed.models,
    images: table,
    picture: (at) => pictures.get(at) ?? null,
    sure: (model, at) => bestAt.get(at)?.[model]?.[0]?.confidence ?? null,
    best: (at) => bestAt.get(at) ?? null,
  };
}

async function inflate(base64: string): Promise<Uint8Array> {
  const deflated = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  const stream = new Blob([deflated]).stream().pipeThrough(new DecompressionStream('deflate-raw'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

function tableOf({ count, nameLength, models }: PackedImages, bytes: Uint8Array): ImageTable {
  let at = 0;
  const take = (length: number): Uint8Array => bytes.subarray(at, (at += length));
  const wide = (length: number): ((index: number) => number) => {
    const [low, high] = [take(length), take(length)];
    return (index) => low[index]! | (high[index]! << 8);
  };
  const names = wide(count * nameLength);
  const label = wide(count);
  const columns = models.map(({ margins, bins }) => {
    const mixed = wide(count);
    const [margin, confidence, tie] = [take(count), take(count), take(count)];
    return {
      top1(image: number): number | null {
        const answer = mixed(image) ^ label(image);
        return answer === 0xffff ? null : answer;
      },
      margin: (image: number): number | null => (margin[image] === 0 ? null : margins[margin[image]! - 1]!),
      confidence: (image: number): number | null =>
        confidence[image] === 0 ? null : (confidence[image]! - 0.5) / bins,
      tied: (image: number): boolean => tie[image] === 1,
    };
  });
  return {
    count,
    name(image) {
      let name = '';
      for (let place = 0; place < nameLength; place++) {
        const unit = names(place * count + image);
        if (unit === 0) break;
        name += String.fromCharCode(unit);
      }
      return name;
    },
    label,
    top1: (model, image) => columns[model]!.top1(image),
    margin: (model, image) => columns[model]!.margin(image),
    confidence: (model, image) => columns[model]!.confidence(image),
    tied: (model, image) => columns[model]!.tied(image),
  };
}
