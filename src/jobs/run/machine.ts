import { arch, cpus, hostname, platform, release, totalmem } from 'node:os';

import { versionsOfPixels } from '../../engine/threads.js';
import { processorFlags, productsSaturate } from '../../runtime/onnxruntime/integer-products.js';
import { runtimeVersion } from '../../runtime/onnxruntime/version.js';
import type { MachineFacts } from '../../record/provenance.js';
import { kernelFlags } from '../../store/key.js';

/** The machine and the versions that a figure was made with. */
export async function describeMachine(): Promise<MachineFacts> {
  const processors = cpus();
  return {
    host: hostname(),
    os: `${platform()} ${release()} ${arch()}`,
    cpu: processors[0]?.model.trim() ?? 'unknown',
    cpuFlags: kernelFlags(processorFlags),
    exactProducts: productsSaturate,
    cores: processors.length,
    memoryBytes: totalmem(),
    versions: { node: process.versions.node, onnxruntime: runtimeVersion, ...(await versionsOfPixels()) },
  };
}
