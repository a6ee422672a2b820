/**
 * The content policies under which kernel workers are served. A dedicated worker obeys the policy of its own response, not
 * its page's, so every server of a build sends these with the two files: `workerPolicy` of a path, where it is not undefined.
 */

const SEALED = ["default-src 'none'", "connect-src 'none'", "worker-src 'none'", "child-src 'none'"].join('; ');

/**
 * A guest's worker makes no request at all: its script is one file, and what else it needs is handed to it by its host
 * (`engine/assets.ts`). Without 'self' not even an import of a same-origin address can carry anything out.
 */
export const GUEST_POLICY = `${SEALED}; script-src 'wasm-unsafe-eval'`;

/** Our own kernels load their code piece by piece, from this origin; nothing else. */
export const OWN_POLICY = `${SEALED}; script-src 'self' 'wasm-unsafe-eval'`;

/** For a development server, which sends every worker as many small files. */
export const DEVELOPMENT_POLICY = OWN_POLICY;

/** The policy to send with a file, by its address; undefined for whatever is not a kernel worker's script. */
export function workerPolicy(path: string): string | undefined {
  const kind = /(?:^|\/)(guest|own)-worker(?:-[\w-]+)?\.js$/.exec(path)?.[1];
  if (kind === undefined) return undefined;
  return kind === 'guest' ? GUEST_POLICY : OWN_POLICY;
}

/** May a worker whose script came with these headers run a guest? */
export function sealsGuests(policy: string | null): boolean {
  const directives = new Map(
    (policy ?? '').split(';').map((text): [string, string] => {
      const [name = '', ...values] = text.trim().split(/\s+/);
      return [name.toLowerCase(), values.join(' ')];
    }),
  );
  return ['default-src', 'connect-src', 'worker-src'].every((name) => directives.get(name) === "'none'");
}
