import * as z from 'zod';
import { sha256 } from '../domain/values.js';

/** What computed a model's scores. All of it that can move a score is part of the key of its predictions. */
export const runtimeIdentity = z.object({
  name: z.string().describe('What ran the network: onnxruntime, LiteRT, OpenVINO ...'),
  version: z.string(),
  provider: z.string().describe('The part of the runtime that computes, e.g. cpu or webgpu.'),
  device: z.string().nullable().describe('What it computes on, where that is not the CPU named in machine.'),
  driver: z.string().nullable().describe("The device's driver with its version; null where there is none."),
  threads: z.int().positive().nullable().describe('Threads a network; null where the runtime does not say.'),
  adapter: sha256
    .nullable()
    .describe('SHA-256 of the adapter program; null where the runtime is part of this one.'),
});
/** What computed a model's scores: runtime, version, device. */
export type RuntimeIdentity = Readonly<z.infer<typeof runtimeIdentity>>;

/** E.g. `onnxruntime 1.30.0`. */
export function runtimeText({ name, version }: RuntimeIdentity): string {
  return `${name} ${version}`;
}

/** E.g. `cpu` or `webgpu, SwiftShader Device, driver SwiftShader 5.0.0`. */
export function deviceText({ provider, device, driver }: RuntimeIdentity): string {
  return [provider, device, driver === null ? null : `driver ${driver}`]
    .filter((part) => part !== null)
    .join(', ');
}
