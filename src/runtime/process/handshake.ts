import { tensorDtypes, tensorLayouts } from 'reference-pixels/recipe';
import * as z from 'zod';

import type { NetworkDescription, Port } from '../../model/description.js';

/** Version of the protocol that docs/adapters.md describes. */
const protocol = 'imagenet-eval/1';

const size = z.int().min(1);
const scale = z.number().nullable().default(null);
const zeroPoint = z.int().nullable().default(null);

/** The JSON line that an adapter begins with: what it is, and what its network takes and gives. */
export const handshakeSchema = z.object({
  protocol: z.literal(protocol),
  name: z.string().min(1),
  version: z.string().min(1),
  provider: z.string().min(1).default('cpu'),
  device: z.string().nullable().default(null),
  driver: z.string().nullable().default(null),
  threads: z.int().positive().nullable().default(null),
  scheme: z.string().default('not stated'),
  batch: size.nullable(),
  input: z.object({
    name: z.string().default('input'),
    dtype: z.enum(tensorDtypes),
    layout: z.enum(tensorLayouts),
    height: size.nullable(),
    width: size.nullable(),
    scale,
    zero_point: zeroPoint,
  }),
  output: z.object({
    name: z.string().default('output'),
    dtype: z.enum(['float32', 'float64', 'int32', 'uint8', 'int8']),
    classes: z.int().min(2),
    scale,
    zero_point: zeroPoint,
  }),
});
/** What an adapter says of itself and of its network. */
export type Handshake = Readonly<z.infer<typeof handshakeSchema>>;

/** What an adapter says of its network, as every runtime describes one. */
export function describeHandshake({
  input,
  output,
  batch,
  scheme,
  name,
  version,
}: Handshake): NetworkDescription {
  const images = batch ?? 'batch';
  const [height, width] = [input.height ?? 'height', input.width ?? 'width'];
  const shape = input.layout === 'NCHW' ? [images, 3, height, width] : [images, height, width, 3];
  return {
    inputs: [port(input, shape)],
    outputs: [port(output, [images, output.classes])],
    scheme,
    parameters: null,
    opset: null,
    producer: `${name} ${version}`,
  };
}

function port(said: Handshake['input'] | Handshake['output'], shape: Port['shape']): Port {
  const { name, dtype, scale, zero_point: zeroPoint } = said;
  return { name, dtype, shape, quantization: scale === null ? null : { scale, zeroPoint: zeroPoint ?? 0 } };
}
