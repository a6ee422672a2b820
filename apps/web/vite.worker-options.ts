import type { UserConfig } from 'vite';

/**
 * What every build that holds kernels needs. onnxruntime-web's own WebAssembly files are named by address in
 * packages/kernels/src/kernels/onnx/ort-browser.ts; without the first condition they would be bundled a second time.
 */
export const workerOptions = (mode: string): UserConfig => ({
  resolve: {
    conditions: [
      'onnxruntime-web-use-extern-wasm',
      'module',
      'browser',
      mode === 'production' ? 'production' : 'development',
    ],
  },
  optimizeDeps: { exclude: ['onnxruntime-web'] },
  worker: { format: 'es' },
  build: { target: 'esnext' },
});
