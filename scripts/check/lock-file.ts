interface Entry {
  readonly resolved?: string;
  readonly link?: boolean;
  readonly dependencies?: Dependencies;
  readonly devDependencies?: Dependencies;
}
type Dependencies = Readonly<Record<string, string>>;

/** One line of text for each package the lock file ties to a registry host; without hosts, npm asks the reader's own. */
export function findLockedHosts(lockFile: string): string[] {
  return Object.entries(packagesOf(lockFile))
    .filter(([, entry]) => entry.link !== true && entry.resolved !== undefined && /^[a-z+]+:\/\//.test(entry.resolved))
    .map(([path]) => `package-lock.json: ${path} names a registry host. Run npm install with the committed .npmrc.`);
}

/** One line of text for each workspace whose `package.json` asks for something else than the lock file recorded for it. */
export function findUnlocked(lockFile: string, readManifest: (folder: string) => string): string[] {
  return Object.entries(packagesOf(lockFile))
    .filter(([path]) => !path.includes('node_modules/'))
    .filter(([path, entry]) => wishes(entry) !== wishes(JSON.parse(readManifest(path)) as Entry))
    .map(([path]) => `package-lock.json: differs from ${path === '' ? '.' : path}/package.json. Run npm install.`);
}

const packagesOf = (lockFile: string) => (JSON.parse(lockFile) as { packages: Record<string, Entry> }).packages;

/** What a package asks for, as comparable text. */
const wishes = ({ dependencies = {}, devDependencies = {} }: Entry): string =>
  JSON.stringify([dependencies, devDependencies].map((names) => Object.entries(names).map(String).toSorted()));
