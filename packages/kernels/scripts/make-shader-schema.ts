// Writes packages/kernels/schema/shader-manifest.schema.json from the valibot schema: `node packages/kernels/scripts/make-shader-schema.ts`.
import { writeFileSync } from 'node:fs';
import { shaderSchemaFile, shaderSchemaText } from './shader-schema.ts';

writeFileSync(shaderSchemaFile, shaderSchemaText());
