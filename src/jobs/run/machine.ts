import { readFile } from 'node:fs/promises';
import { arch, cpus, hostname, platform, release, totalmem } from 'node:os';
import { pixelVersions } from 'reference-pixels/versions';

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
    cpuFlags: kernelFlags(await cpuFlags()),
    cores: processors.length,
    memoryBytes: totalmem(),
    versions: { node: process.versions.node, onnxruntime: runtimeVersion, ...pixelVersions },
  };
}

/** Flags as /proc/cpuinfo has them; none where there is no such file. */
async function cpuFlags(): Promise<string[]> {
  const text = await readFile('/proc/cpuinfo', 'utf8').catch(() => '');
  const line = /^(?:flags|Features)\s*:\s*(.*)$/m.exec(text)?.[1] ?? '';
  return line.split(/\s+/).filter((flag) => flag !== '');
}
