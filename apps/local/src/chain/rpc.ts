import { ReckonError } from '@reckon/protocol/base/errors';

/** One JSON-RPC call. @throws {ReckonError} CHAIN_UNREACHABLE, also for an error answer. */
export async function callRpc(
  url: string,
  method: string,
  params: readonly unknown[] = [],
  timeoutMs = 20_000,
): Promise<unknown> {
  const unreachable = (cause: string) => new ReckonError('CHAIN_UNREACHABLE', { url, cause });
  let answer: unknown;
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
      signal: AbortSignal.timeout(timeoutMs),
    });
    answer = await response.json();
  } catch (error) {
    const inner = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    throw unreachable(inner instanceof Error ? inner.message : String(inner));
  }
  if (typeof answer === 'object' && answer !== null && 'result' in answer) return answer.result;
  throw unreachable(`${method}: ${JSON.stringify(answer).slice(0, 300)}`);
}
