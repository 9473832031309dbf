import { workerData } from 'node:worker_threads';

import { Network } from './network.js';
import { serve } from './serve.js';

serve((model, settings, batch) => Network.open(model, settings, batch));

// Given by threads.ts to a thread that it starts before its time: most networks are run by onnxruntime.
if (workerData === 'early') await import('../runtime/onnxruntime/session.js');
