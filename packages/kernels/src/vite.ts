import type { Plugin, UserConfig } from 'vite';
import { DEVELOPMENT_POLICY, workerPolicy } from './worker-policy.ts';

/** The development server sends a guest's worker piece by piece, as sources. */
const SOURCES = /\/(?:guest|own)-worker\.ts$/;

/** Sends the policies of `worker-policy.ts` from Vite's own servers. */
const workerPolicies = (): Plugin => {
  type Middlewares = Parameters<Extract<Plugin['configureServer'], (...args: never) => unknown>>[0]['middlewares'];
  const send = (middlewares: Middlewares) => {
    middlewares.use((request, response, next) => {
      const path = (request.url ?? '').split('?', 1)[0] ?? '';
      const policy = SOURCES.test(path) ? DEVELOPMENT_POLICY : workerPolicy(path);
      if (policy !== undefined) response.setHeader('content-security-policy', policy);
      next();
    });
  };
  return {
    name: 'reckon-worker-policies',
    configureServer: ({ middlewares }) => send(middlewares),
    configurePreviewServer: ({ middlewares }) => send(middlewares),
  };
};

/**
 * What any Vite build that bundles the kernels needs. Workers are modules: their kernels are loaded when they are used, but for
 * guests' workers, which are one file each since they may load none.
 */
export const kernelsVite = () =>
  ({
    plugins: [workerPolicies()],
    // Its files name their WASM relative to themselves, which bundling for development would break.
    optimizeDeps: { exclude: ['onnxruntime-web'] },
    worker: { format: 'es' },
    build: { target: 'esnext' },
  }) satisfies UserConfig;
