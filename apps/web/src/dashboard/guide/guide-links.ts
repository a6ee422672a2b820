import { slugOf } from './markdown.ts';

/** Sections of docs/kernels.md, which the page /guide shows, by the kernel they are about. */
export const guideSections: Readonly<Record<string, string>> = {
  'custom-wasm': 'A WebAssembly module',
  'custom-wgsl': 'A WGSL shader',
  onnx: 'An ONNX model',
};

/** Where the guide tells of a kernel; its beginning for one that it does not name. */
export function guideOf(kernelId?: string): string {
  const section = kernelId === undefined ? undefined : guideSections[kernelId];
  return section === undefined ? '/guide' : `/guide#${slugOf(section)}`;
}
