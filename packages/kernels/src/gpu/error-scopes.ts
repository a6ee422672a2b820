import { ReckonError } from '@reckon/protocol/base/errors';

/**
 * Runs synchronous GPU calls and throws what the device has against them. `name` is the shader or buffers concerned.
 * Scopes nest by call order, so nothing asynchronous may happen inside.
 * @throws {ReckonError} DEVICE_MEMORY; SHADER_INVALID (line 0) when a call is invalid; DEVICE_UNSUPPORTED when the driver
 * fails.
 */
export async function withErrorScopes<T>(device: GPUDevice, name: string, issue: () => T): Promise<T> {
  const filters = ['internal', 'validation', 'out-of-memory'] as const;
  for (const filter of filters) device.pushErrorScope(filter);
  let result: T;
  let pops: Promise<GPUError | null>[];
  try {
    result = issue();
  } finally {
    pops = filters.map(() => device.popErrorScope());
    // A lost device rejects them; its loss is told elsewhere.
    for (const pop of pops) pop.catch(() => undefined);
  }
  const [memory, validation, internal] = await Promise.all(pops);
  if (memory) throw new ReckonError('DEVICE_MEMORY', { needed: name });
  if (validation) {
    const cause = (validation.message.split('\n')[0] ?? '').replace(/\.$/, '').slice(0, 300);
    throw new ReckonError('SHADER_INVALID', { shader: name, line: 0, column: 0, cause });
  }
  if (internal) throw new ReckonError('DEVICE_UNSUPPORTED', { missing: `a GPU driver that runs "${name}"` });
  return result;
}
