import { mkdir, writeFile } from 'node:fs/promises';
import { vectorFiles, VECTORS_FOLDER } from './vector-files.ts';

// Writes packages/protocol/vectors/*.json, which TypeScript and Solidity tests read.
await mkdir(VECTORS_FOLDER, { recursive: true });
for (const [name, render] of Object.entries(vectorFiles)) await writeFile(new URL(name, VECTORS_FOLDER), render());
