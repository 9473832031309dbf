/** Name under which a run without a config leaves the config that it made, beside its reports. */
export const madeConfig = 'config.yaml';
