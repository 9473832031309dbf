import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pack, type Header } from 'tar-stream';
import { scratchFolder } from '../scratch.js';

/** Header fields by name; a bare string is the content of a file of that name. */
export type Entries = readonly (Partial<Header> & { name: string; content?: string | Uint8Array })[];

/** Bytes of a tar archive as tar-stream writes it. */
export async function tarBytes(entries: Entries): Promise<Buffer> {
  const archive = pack();
  for (const { content = '', ...header } of entries) {
    if (header.type === undefined || header.type === 'file') archive.entry(header, Buffer.from(content));
    else archive.entry(header);
  }
  archive.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of archive as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** Path of an archive with these bytes; it is removed when the test ends. */
export async function archiveFile(bytes: Uint8Array, name = 'images.tar'): Promise<string> {
  const path = join(scratchFolder(), name);
  await writeFile(path, bytes);
  return path;
}

export interface RawHeader {
  readonly name: string;
  /** The twelve bytes of the size field; octal digits of `bytes` if not given. */
  readonly size?: Uint8Array | string;
  readonly bytes?: number;
  readonly typeflag?: string;
  readonly linkname?: string;
  /** ustar if not given; empty for the oldest form, which has none. */
  readonly magic?: string;
}

/** One header block, byte by byte, with a right checksum. */
export function rawHeader(header: RawHeader): Buffer {
  const block = Buffer.alloc(512);
  block.write(header.name, 0, 100);
  block.write('0000644\0', 100);
  block.write('0000000\0', 108);
  block.write('0000000\0', 116);
  const size = header.size ?? `${(header.bytes ?? 0).toString(8).padStart(11, '0')}\0`;
  Buffer.from(size).copy(block, 124, 0, 12);
  block.write('00000000000\0', 136);
  block.write('        ', 148);
  block.write(header.typeflag ?? '0', 156);
  block.write(header.linkname ?? '', 157, 100);
  block.write(header.magic ?? 'ustar\x0000', 257);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return block;
}

/** A header and its data, padded to whole blocks. */
export function rawEntry(header: RawHeader, content: string | Uint8Array): Buffer {
  const data = Buffer.from(content);
  const padding = Buffer.alloc((512 - (data.length % 512)) % 512);
  return Buffer.concat([rawHeader({ bytes: data.length, ...header }), data, padding]);
}

export const endMark = Buffer.alloc(1024);
