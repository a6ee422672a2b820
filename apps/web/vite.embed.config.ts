import { fileURLToPath } from 'node:url';
import { kernelsVite } from '@reckon/kernels/vite';
import { build, defineConfig, mergeConfig, type Plugin } from 'vite';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** Builds the loader by itself, as one classic script under a name that never changes: sites have it in their pages. */
function loaderScript(): Plugin {
  return {
    name: 'reckon-loader',
    apply: 'build',
    async generateBundle() {
      const built = await build({
        configFile: false,
        root: here('.'),
        logLevel: 'warn',
        build: {
          write: false,
          target: 'es2022',
          lib: {
            entry: here('src/widget/loader.ts'),
            formats: ['iife'],
            name: 'reckonLoader',
            fileName: () => 'loader.js',
          },
        },
      });
      const [output] = Array.isArray(built) ? built : [built];
      if (output === undefined || !('output' in output)) throw new Error('the loader was not built');
      this.emitFile({ type: 'asset', fileName: 'loader.js', source: output.output[0].code });
    },
  };
}

/** The widget: `dist/embed/loader.js` for strangers' pages and `embed.html` for the frame, served from an origin of its own. */
export default defineConfig(
  mergeConfig(kernelsVite(), {
    root: here('.'),
    base: './',
    publicDir: false,
    plugins: [loaderScript()],
    build: {
      outDir: here('dist/embed'),
      emptyOutDir: true,
      assetsInlineLimit: 0, // a strict policy refuses data: addresses
      modulePreload: { polyfill: false },
      rolldownOptions: { input: here('embed.html') },
    },
  }),
);
