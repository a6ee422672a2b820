import { createRequire } from 'node:module';
import { defineConfig } from 'hardhat/config';

const require = createRequire(import.meta.url);

/** One compiler setting for tests, the generated ABIs and deployments. The compiler is the WASM build from npm: nothing is downloaded. */
export default defineConfig({
  solidity: {
    version: '0.8.37',
    path: require.resolve('solc/soljson.js'),
    settings: {
      optimizer: { enabled: true, runs: 200 },
      evmVersion: 'osaka',
      viaIR: false,
      // Without the metadata hash a changed comment does not change the byte code.
      metadata: { bytecodeHash: 'none', appendCBOR: false },
    },
  },
  networks: {
    inproc: { type: 'edr-simulated', chainType: 'l1', hardfork: 'osaka' },
  },
  paths: { sources: './src', tests: { solidity: './test' } },
  test: {
    solidity: {
      fsPermissions: { readDirectory: ['../packages/protocol/vectors'] },
      fuzz: { runs: 256, seed: '0x7265636b6f6e' },
      invariant: { runs: 48, depth: 64, failOnRevert: true },
    },
  },
});
