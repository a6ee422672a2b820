const scope: { navigator?: Partial<Pick<Navigator, 'userAgent'>> } = globalThis;
/** Firefox looks for finished GPU work every 100 ms, and at every submission. */
export const FIREFOX = /Firefox\//.test(scope.navigator?.userAgent ?? '');

/** Waits for GPU work; a browser that looks for its end at submissions only is given empty ones meanwhile. */
export async function promptly<T>(device: Pick<GPUDevice, 'queue'>, work: Promise<T>, nudge = FIREFOX): Promise<T> {
  let pending = nudge;
  const settle = () => {
    pending = false;
  };
  work.then(settle, settle);
  while (pending) {
    device.queue.submit([]);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  return work;
}
