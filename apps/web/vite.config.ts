import { createReadStream, readdirSync, readFileSync, statSync } from 'node:fs';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { kernelsVite } from '@reckon/kernels/vite';
import react from '@vitejs/plugin-react';
import { defineConfig, mergeConfig, type Plugin } from 'vite';

const repository = fileURLToPath(new URL('../..', import.meta.url));
const relay = process.env['RECKON_RELAY'] ?? 'http://127.0.0.1:4280';

/** Jobs a visitor can try: served from the build, so that "Use an example" reads the very files the command line reads. */
const EXAMPLES = [
  'digits',
  'mandelbrot',
  'matmul',
  'matmul-f32',
  'monte-carlo',
  'hash-search',
  'custom-wgsl',
  'custom-wasm',
  'n-body',
  'render',
];
const SERVED = new Set(['.json', '.npy', '.onnx', '.csv', '.wgsl', '.wasm']);

function exampleFiles(): string[] {
  return EXAMPLES.flatMap((folder) =>
    readdirSync(join(repository, 'examples', folder))
      .filter((name) => SERVED.has(extname(name)))
      .map((name) => `examples/${folder}/${name}`),
  );
}

const examples = (): Plugin => ({
  name: 'reckon-examples',
  configureServer(server) {
    server.middlewares.use((request, response, next) => {
      const path = (request.url ?? '').slice(1).split('?', 1)[0] ?? '';
      if (!exampleFiles().includes(path)) return next();
      response.setHeader('content-length', statSync(join(repository, path)).size);
      createReadStream(join(repository, path)).pipe(response);
    });
  },
  generateBundle() {
    for (const fileName of exampleFiles()) {
      this.emitFile({ type: 'asset', fileName, source: readFileSync(join(repository, fileName)) });
    }
  },
});

/** A build is a product whoever starts it: inside a test run, NODE_ENV would give the development build of React. */
const alwaysProduct = (): Plugin => ({
  name: 'reckon-always-product',
  config(_config, { command }) {
    if (command === 'build') process.env['NODE_ENV'] = 'production';
  },
});

/** The dashboard. The widget's frame, on its own origin, is built by `vite.embed.config.ts`. */
export default defineConfig(
  mergeConfig(kernelsVite(), {
    root: import.meta.dirname,
    plugins: [alwaysProduct(), react(), examples()],
    build: {
      outDir: 'dist/app',
      sourcemap: false,
      // Inlined assets would be data: URLs, which a strict CSP refuses.
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
    },
    server: {
      proxy: {
        ...Object.fromEntries(['/api', '/log', '/rpc', '/healthz', '/metrics'].map((path) => [path, relay])),
        ...Object.fromEntries(['/ws', '/peer'].map((path) => [path, { target: relay, ws: true }])),
      },
    },
  }),
);
