import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { promisify } from 'node:util';

import type { Provider } from './provider.js';

const execute = promisify(execFile);

/** Names of a device and of its driver, as the system has them. */
export interface Device {
  readonly device: string;
  readonly driver: string | null;
}

/**
 * What a provider computes on, by what the system tells of it: onnxruntime-node itself does not say. A Vulkan driver that
 * VK_DRIVER_FILES or VK_ICD_FILENAMES names is the one; else NVIDIA's tool is asked, then Vulkan's.
 */
export async function deviceOf(provider: Provider): Promise<Device> {
  const number = provider.device ?? 0;
  const named = process.env.VK_DRIVER_FILES ?? process.env.VK_ICD_FILENAMES;
  if (provider.name === 'webgpu' && named !== undefined) return fromManifest(named);
  return (
    (await fromNvidia(number)) ??
    (await fromVulkan(number)) ?? { device: `device ${number}, which the system does not name`, driver: null }
  );
}

async function fromManifest(file: string): Promise<Device> {
  const text = await readFile(file, 'utf8').catch(() => '');
  const [, library] = /"library_path"\s*:\s*"([^"]+)"/.exec(text) ?? [];
  const [, api] = /"api_version"\s*:\s*"([^"]+)"/.exec(text) ?? [];
  return {
    device: `Vulkan device of ${basename(file)}`,
    driver:
      library === undefined ? null : `${basename(library)}${api === undefined ? '' : `, Vulkan ${api}`}`,
  };
}

async function fromNvidia(number: number): Promise<Device | null> {
  const query = ['--query-gpu=name,driver_version', '--format=csv,noheader', '-i', String(number)];
  const text = await outputOf('nvidia-smi', query);
  const [device, driver] = text?.trim().split(/,\s*/) ?? [];
  return device === undefined || driver === undefined ? null : { device, driver: `NVIDIA ${driver}` };
}

async function fromVulkan(number: number): Promise<Device | null> {
  const text = await outputOf('vulkaninfo', ['--summary']);
  const part = text?.split(/^GPU\d+:$/m)[number + 1];
  const field = (name: string): string | undefined =>
    new RegExp(`${name}\\s*= (.*)`).exec(part ?? '')?.[1]?.trim();
  const device = field('deviceName');
  return device === undefined
    ? null
    : { device, driver: [field('driverName'), field('driverInfo')].filter(Boolean).join(' ') || null };
}

async function outputOf(program: string, args: readonly string[]): Promise<string | null> {
  try {
    return (await execute(program, [...args], { timeout: 10_000 })).stdout;
  } catch {
    return null;
  }
}
