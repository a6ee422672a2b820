import { fileURLToPath } from 'node:url';
import { JobFile } from '@reckon/protocol/model/job-file';
import { toJsonSchema } from '@valibot/to-json-schema';

/** Where the published schema lies. */
export const jobSchemaFile = fileURLToPath(new URL('../../protocol/schema/job.schema.json', import.meta.url));

/**
 * The job file's JSON Schema (draft 7, which editors read). Checks that JSON Schema cannot say, such as
 * maxReplicas ≥ quorum, are left to the program.
 */
export function jobSchemaText(): string {
  const schema = toJsonSchema(JobFile, { typeMode: 'input', errorMode: 'ignore' });
  return `${JSON.stringify(schema, undefined, 2)}\n`;
}
