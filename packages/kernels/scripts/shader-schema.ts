import { fileURLToPath } from 'node:url';
import { toJsonSchema } from '@valibot/to-json-schema';
import { ShaderManifest } from '../src/kernels/custom-wgsl/shader-manifest.ts';

/** Where the published schema lies. */
export const shaderSchemaFile = fileURLToPath(new URL('../schema/shader-manifest.schema.json', import.meta.url));

/**
 * A shader manifest's JSON Schema (draft 7, which editors read). What JSON Schema cannot say, such as bindings of distinct
 * numbers, is left to the program.
 */
export function shaderSchemaText(): string {
  const schema = toJsonSchema(ShaderManifest, { typeMode: 'input', errorMode: 'ignore' });
  return `${JSON.stringify(schema, undefined, 2)}\n`;
}
