import { alive } from './parts.ts';

process.exitCode = alive;
