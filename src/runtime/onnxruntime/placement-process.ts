import ort from 'onnxruntime-node';

import { executionProvider, type Provider } from './provider.js';

/**
 * A process of its own that only opens a network: onnxruntime tells where it has put each node in its log alone, which goes
 * to this process's standard error.
 */
const [file = '', provider = ''] = process.argv.slice(2);
const session = await ort.InferenceSession.create(file, {
  executionProviders: [executionProvider(JSON.parse(provider) as Provider)],
  logSeverityLevel: 0,
});
await session.release();
