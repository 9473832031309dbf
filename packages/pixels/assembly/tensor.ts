/** Bytes to planes of float32 by tables. Memory is laid out by the host (src/planes.ts). */

export { heapBase } from './shared/memory';

function level(table: usize, byte: u32): f32 {
  return load<f32>(table + (<usize>byte << 2));
}

/**
 * `pixels` RGB pixels from `source` on: colour by colour, the float32 that its table of 256 holds for each byte goes
 * to its plane. Reads no byte and writes no value beyond them.
 */
export function planes(
  source: usize,
  pixels: i32,
  redTable: usize,
  greenTable: usize,
  blueTable: usize,
  redPlane: usize,
  greenPlane: usize,
  bluePlane: usize,
): void {
  let at = source;
  let to: usize = 0;
  // Four pixels are three words: R G B R, G B R G, B R G B.
  for (const end = source + <usize>(pixels & ~3) * 3; at < end; at += 12, to += 16) {
    const x = load<u32>(at);
    const y = load<u32>(at, 4);
    const z = load<u32>(at, 8);
    store<f32>(redPlane + to, level(redTable, x & 255));
    store<f32>(redPlane + to, level(redTable, x >> 24), 4);
    store<f32>(redPlane + to, level(redTable, (y >> 16) & 255), 8);
    store<f32>(redPlane + to, level(redTable, (z >> 8) & 255), 12);
    store<f32>(greenPlane + to, level(greenTable, (x >> 8) & 255));
    store<f32>(greenPlane + to, level(greenTable, y & 255), 4);
    store<f32>(greenPlane + to, level(greenTable, y >> 24), 8);
    store<f32>(greenPlane + to, level(greenTable, (z >> 16) & 255), 12);
    store<f32>(bluePlane + to, level(blueTable, (x >> 16) & 255));
    store<f32>(bluePlane + to, level(blueTable, (y >> 8) & 255), 4);
    store<f32>(bluePlane + to, level(blueTable, z & 255), 8);
    store<f32>(bluePlane + to, level(blueTable, z >> 24), 12);
  }
  for (const end = source + <usize>pixels * 3; at < end; at += 3, to += 4) {
    store<f32>(redPlane + to, level(redTable, load<u8>(at)));
    store<f32>(greenPlane + to, level(greenTable, load<u8>(at, 1)));
    store<f32>(bluePlane + to, level(blueTable, load<u8>(at, 2)));
  }
}
