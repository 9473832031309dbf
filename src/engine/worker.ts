import { Network } from './network.js';
import { serve } from './serve.js';

serve((model, settings, batch) => Network.open(model, settings, batch));
