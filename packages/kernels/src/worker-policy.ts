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

/** The policy to send with a file, by its address or path; undefined for whatever is not a kernel worker's script. */
export function workerPolicy(path: string): string | undefined {
  // Windows has other separators, and gives a file whatever the case of its name.
  const kind = /(?:^|[/\\])(guest|own)-worker(?:-[\w-]+)?\.js$/i.exec(path)?.[1]?.toLowerCase();
  if (kind === undefined) return undefined;
  return kind === 'guest' ? GUEST_POLICY : OWN_POLICY;
}

/** May a worker whose script came with this header run a guest? Of several policies, browsers apply each: one that seals is enough. */
export const sealsGuests = (header: string | null): boolean => (header ?? '').split(',').some(seals);

const MUST_BE_NONE = ['default-src', 'connect-src', 'worker-src'];
/** What scripts may come from: nothing, or this origin where a development server sends the worker in pieces. */
const SCRIPTS = ["'wasm-unsafe-eval'", "'self' 'wasm-unsafe-eval'"];

/** Nothing but directives that allow nothing, and scripts as above: what else may stand in a policy could only let something out. */
function seals(policy: string): boolean {
  const directives = new Map<string, string>();
  for (const text of policy.split(';')) {
    // What browsers split at, https://www.w3.org/TR/CSP3/#parse-serialized-policy; not all that \s means.
    const [name = '', ...values] = text.split(/[\t\n\f\r ]+/).filter((word) => word !== '');
    // They take the first of a name.
    if (name === '' || directives.has(name.toLowerCase())) continue;
    directives.set(name.toLowerCase(), values.toSorted().join(' '));
  }
  const scripts = directives.get('script-src') ?? '';
  directives.delete('script-src');
  return (
    SCRIPTS.includes(scripts) &&
    MUST_BE_NONE.every((name) => directives.has(name)) &&
    [...directives.values()].every((value) => value === "'none'")
  );
}
