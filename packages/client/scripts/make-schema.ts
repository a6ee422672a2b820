// Writes packages/protocol/schema/job.schema.json from the valibot schema: `node packages/client/scripts/make-schema.ts`.
import { writeFileSync } from 'node:fs';
import { jobSchemaFile, jobSchemaText } from './job-schema.ts';

writeFileSync(jobSchemaFile, jobSchemaText());
