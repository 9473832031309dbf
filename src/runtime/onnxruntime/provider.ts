/** Parts of onnxruntime that compute, by the names that its documentation has for them. */
export const providerNames = ['cpu', 'webgpu', 'cuda', 'tensorrt', 'directml', 'coreml'] as const;

/** Which part of onnxruntime is to compute a network, on which device. */
export interface Provider {
  readonly name: (typeof providerNames)[number];
  /** Number of the device; null for the provider's own choice. */
  readonly device: number | null;
  /** As onnxruntime documents them for the provider. */
  readonly options: Readonly<Record<string, string | number | boolean>>;
}

/** The CPU, which every onnxruntime has: the default. */
export const cpuProvider: Provider = { name: 'cpu', device: null, options: {} };

/** The provider as onnxruntime-node wants it. */
export function executionProvider({ name, device, options }: Provider): { readonly name: string } {
  const own = name === 'directml' ? 'dml' : name;
  return { name: own, ...(device === null ? {} : { deviceId: device }), ...options };
}

/** What to do where a provider can't be had. */
export const remedies = {
  cpu: 'Check that the file is whole (sha256) and that its opset is one this onnxruntime knows.',
  webgpu:
    'WebGPU is part of onnxruntime-node; it needs a driver: Vulkan on Linux (libvulkan1 and the vendor’s driver, or SwiftShader named by VK_ICD_FILENAMES; XDG_RUNTIME_DIR must be set), Direct3D 12 on Windows, Metal on macOS.',
  cuda: 'onnxruntime-node has CUDA on Linux x64 only, and its libraries are a download: `node node_modules/onnxruntime-node/script/install.js --onnxruntime-node-install=cuda12`; CUDA 12 and cuDNN 9 must be there too. Or use adapters/onnxruntime.py with onnxruntime-gpu.',
  tensorrt:
    'It needs the CUDA build of onnxruntime-node (`node node_modules/onnxruntime-node/script/install.js --onnxruntime-node-install=cuda12`) and TensorRT 10. Or use adapters/onnxruntime.py with onnxruntime-gpu.',
  directml: 'DirectML is part of onnxruntime-node on Windows only.',
  coreml: 'Core ML is part of onnxruntime-node on macOS only.',
} as const satisfies Record<Provider['name'], string>;
