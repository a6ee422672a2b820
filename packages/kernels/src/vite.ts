import type { UserConfig } from 'vite';

/**
 * What any Vite build that bundles the kernels needs. The condition makes onnxruntime-web leave its WASM outside its
 * JavaScript, so that `?url` imports place it and a bundled worker file is never mistaken for one of its threads.
 */
export const kernelsVite = (mode: 'development' | 'production') =>
  ({
    resolve: { conditions: ['onnxruntime-web-use-extern-wasm', 'module', 'browser', mode] },
    optimizeDeps: { exclude: ['onnxruntime-web'] },
    worker: { format: 'es' },
    build: { target: 'esnext' },
  }) satisfies UserConfig;
