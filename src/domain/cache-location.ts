import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';

/**
 * Where downloads and predictions are kept from run to run: `IMAGENET_EVAL_CACHE`, else `onnx-imagenet-eval` in
 * `XDG_CACHE_HOME`, else in `~/.cache`. A relative `XDG_CACHE_HOME` is ignored, as its specification asks.
 */
export function cacheFolder(environment: NodeJS.ProcessEnv = process.env): string {
  const own = environment.IMAGENET_EVAL_CACHE;
  if (own !== undefined && own !== '') return own;
  const xdg = environment.XDG_CACHE_HOME;
  const base = xdg !== undefined && isAbsolute(xdg) ? xdg : join(homedir(), '.cache');
  return join(base, 'onnx-imagenet-eval');
}
