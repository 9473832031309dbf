import { existsSync, readFileSync } from 'node:fs';

/** The processor's flags as /proc/cpuinfo spells them; none where there is no such file. */
export function processorFlags(): string[] {
  const file = '/proc/cpuinfo';
  const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
  const line = /^(?:flags|Features)\s*:\s*(.*)$/m.exec(text)?.[1] ?? '';
  return line.split(/\s+/).filter((flag) => flag !== '');
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
export const productsSaturate = saturates(process.arch, processorFlags());
