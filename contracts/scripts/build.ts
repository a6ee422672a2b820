import { writeAbiFiles } from './generate-abi.ts';
import { loadHardhat } from './hardhat-project.ts';

// Compiles the contracts and writes the typed ABIs and byte codes that the packages import.
const hardhat = await loadHardhat();
await hardhat.tasks.getTask('build').run({});
await writeAbiFiles(hardhat);
