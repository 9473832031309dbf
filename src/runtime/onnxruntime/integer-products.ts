import { closeSync, openSync, readSync } from 'node:fs';

/** The first processor's flags as /proc/cpuinfo spells them; none where there is no such file. */
export const processorFlags: readonly string[] = flagsIn(beginningOf('/proc/cpuinfo'));

function flagsIn(text: string): string[] {
  const line = /^(?:flags|Features)\s*:\s*(.*)$/m.exec(text)?.[1] ?? '';
  return line.split(/\s+/).filter((flag) => flag !== '');
}

/** The first 16 KiB, which hold one processor and more: a machine of many is asked about one in each thread. Empty without the file. */
function beginningOf(file: string): string {
  try {
    const descriptor = openSync(file, 'r');
    const bytes = Buffer.alloc(16_384);
    const length = readSync(descriptor, bytes, 0, bytes.length, null);
    closeSync(descriptor);
    return bytes.toString('latin1', 0, length);
  } catch {
    return '';
  }
}

/**
 * Whether onnxruntime's default kernels add pairs of uint8 x int8 products in 16 bits that saturate: on x86 without VNNI, also where
 * the flags aren't known. A network may lose ten points of accuracy by it. Source: onnxruntime,
 * include/onnxruntime/core/session/onnxruntime_session_options_config_keys.h, `session.x64quantprecision`.
 */
export function saturates(arch: string, flags: readonly string[]): boolean {
  return arch === 'x64' && !flags.some((flag) => /^avx(512)?_vnni$|^amx_int8$/.test(flag));
}

/** On this processor. */
export const productsSaturate = saturates(process.arch, processorFlags);
