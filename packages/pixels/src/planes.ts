import { Kernel } from './kernel.js';

interface TensorKernel {
  readonly planes: (
    source: number,
    pixels: number,
    redTable: number,
    greenTable: number,
    blueTable: number,
    redPlane: number,
    greenPlane: number,
    bluePlane: number,
  ) => void;
}

const kernel = new Kernel<TensorKernel>(new URL('../wasm/tensor.wasm', import.meta.url));

/**
 * RGB bytes, HWC, to three planes of float32 in `target` from element `offset` on (NCHW). `levels`: what each byte
 * becomes in the first, second and third plane, 256 of each; `colours`: which colour each plane is, 0 for red.
 */
export function writePlanes(
  bytes: Uint8Array,
  levels: readonly Float32Array[],
  colours: readonly number[],
  target: Float32Array,
  offset: number,
): void {
  const pixels = bytes.length / 3;
  const planeBytes = pixels * 4;
  const { bytes: memory, addresses } = kernel.reserve(bytes.length, 3 * 1024, 3 * planeBytes);
  const [source, tables, planes] = addresses as [number, number, number];
  memory.set(bytes, source);
  const values = new Float32Array(memory.buffer);
  levels.forEach((table, plane) => {
    values.set(table, tables / 4 + plane * 256);
  });
  const table = (colour: number) => tables + colours.indexOf(colour) * 1024;
  const plane = (colour: number) => planes + colours.indexOf(colour) * planeBytes;
  kernel.call.planes(source, pixels, table(0), table(1), table(2), plane(0), plane(1), plane(2));
  target.set(values.subarray(planes / 4, planes / 4 + 3 * pixels), offset);
}
