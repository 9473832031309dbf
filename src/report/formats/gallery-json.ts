import * as z from 'zod';
import type { ImageId } from '../../domain/domain.js';
import type { ReportFile, ReportWriter } from '../report.js';

/** `gallery.json`: the thumbnails of report.html's gallery, so that a report can be rendered again from its files. */
export const gallerySchema = z.object({
  format: z.literal('onnx-imagenet-eval/gallery'),
  version: z.literal(1),
  images: z.array(z.object({ file: z.string(), jpeg: z.base64() })).readonly(),
});

export const galleryJson: ReportWriter = ({ thumbnails }): ReportFile[] => {
  if (thumbnails.size === 0) return [];
  const gallery: z.infer<typeof gallerySchema> = {
    format: 'onnx-imagenet-eval/gallery',
    version: 1,
    images: [...thumbnails].map(([file, jpeg]) => ({ file, jpeg: Buffer.from(jpeg).toString('base64') })),
  };
  return [{ path: 'gallery.json', content: [`${JSON.stringify(gallery, null, 1)}\n`] }];
};

/** @throws ZodError if the text is no gallery; SyntaxError if it is no JSON */
export function readGallery(text: string): ReadonlyMap<ImageId, Uint8Array> {
  const { images } = gallerySchema.parse(JSON.parse(text));
  return new Map(images.map(({ file, jpeg }) => [file, Buffer.from(jpeg, 'base64')]));
}
