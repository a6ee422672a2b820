import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { ReckonError } from '@reckon/protocol/base/errors';

const architectures: Record<string, string> = { x64: 'amd64', arm64: 'arm64' };

/** The anvil binary of this platform, from its npm package: started directly, so that signals reach it. */
export function anvilProgram(platform: string = process.platform, arch: string = process.arch): string {
  const name = `@foundry-rs/anvil-${platform}-${architectures[arch] ?? arch}`;
  try {
    const folder = dirname(
      createRequire(import.meta.resolve('@foundry-rs/anvil/package.json')).resolve(`${name}/package.json`),
    );
    return join(folder, 'bin', platform === 'win32' ? 'anvil.exe' : 'anvil');
  } catch (error) {
    const cause = `there is no embedded chain for ${platform} ${arch} (${name}); give one with --chain-rpc`;
    throw new ReckonError('CHAIN_UNREACHABLE', { url: 'the embedded chain', cause }, { cause: error });
  }
}
