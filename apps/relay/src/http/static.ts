import { readFile, stat } from 'node:fs/promises';
import { extname, join, normalize, sep } from 'node:path';
import { workerPolicy } from '@reckon/kernels/worker-policy';
import type { Context } from 'hono';

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.map': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.ico': 'image/x-icon',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
  '.onnx': 'application/octet-stream',
  '.npy': 'application/octet-stream',
  '.txt': 'text/plain; charset=utf-8',
  '.webmanifest': 'application/manifest+json',
};
/** Vite puts a content hash into these names. */
const HASHED = /-[A-Za-z0-9_-]{8,}\.[a-z0-9]+$/;

async function isFile(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFile();
  } catch {
    return false; // any reason not to have it is the same to who asks
  }
}

/** The file a path names inside `dir`, or undefined: never one outside of it. */
async function resolveFile(dir: string, path: string): Promise<string | undefined> {
  let decoded: string;
  try {
    decoded = decodeURIComponent(path);
  } catch {
    return undefined;
  }
  if (decoded.includes('\0')) return undefined;
  const root = normalize(dir).replace(/[/\\]+$/, '');
  const file = normalize(join(root, decoded));
  if (file !== root && !file.startsWith(root + sep)) return undefined;
  if (await isFile(file)) return file;
  const index = join(file, 'index.html');
  return (await isFile(index)) ? index : undefined;
}

async function precompressed(file: string, accepted: string): Promise<{ file: string; encoding?: string }> {
  for (const [encoding, ending] of [
    ['br', '.br'],
    ['gzip', '.gz'],
  ] as const) {
    if (accepted.includes(encoding) && (await isFile(file + ending))) return { file: file + ending, encoding };
  }
  return { file };
}

/** Serves a built folder. A path without a file ending that is not there gets `fallback`, the app's own router. */
export async function serveFile(
  context: Context,
  dir: string,
  fallback: string | undefined,
): Promise<Response | undefined> {
  const { path } = context.req;
  const wanted = await resolveFile(dir, path);
  const file =
    wanted ?? (fallback !== undefined && extname(path) === '' ? await resolveFile(dir, fallback) : undefined);
  if (file === undefined) return undefined;
  const { file: sent, encoding } = await precompressed(file, context.req.header('accept-encoding') ?? '');
  const headers: Record<string, string> = {
    'content-type': TYPES[extname(file)] ?? 'application/octet-stream',
    'cache-control': HASHED.test(file) ? 'public, max-age=31536000, immutable' : 'no-cache',
    vary: 'accept-encoding',
  };
  if (encoding !== undefined) headers['content-encoding'] = encoding;
  // A worker obeys the policy of its own script: this one replaces the page's (security.ts).
  const policy = workerPolicy(file);
  if (policy !== undefined) headers['content-security-policy'] = policy;
  return new Response(new Uint8Array(await readFile(sent)), { headers });
}
