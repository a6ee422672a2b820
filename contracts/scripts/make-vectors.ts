import { execFileSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { VECTORS_FOLDER, vectorFiles } from './vector-files.ts';

// Writes packages/protocol/vectors/*.json, which TypeScript and Solidity tests read.
await mkdir(VECTORS_FOLDER, { recursive: true });
for (const [name, render] of Object.entries(vectorFiles)) await writeFile(new URL(name, VECTORS_FOLDER), render());

const biome = createRequire(import.meta.url).resolve('@biomejs/biome/bin/biome');
execFileSync(process.execPath, [biome, 'format', '--write', fileURLToPath(VECTORS_FOLDER)], { stdio: 'inherit' });
