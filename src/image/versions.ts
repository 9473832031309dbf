import sharp from 'sharp';

/** What decodes: sharp, libvips and its JPEG library; part of every figure's provenance. */
export const decoderVersions: Readonly<Record<string, string>> = {
  sharp: sharp.versions.sharp,
  vips: sharp.versions.vips,
  mozjpeg: sharp.versions.mozjpeg ?? 'none',
};
