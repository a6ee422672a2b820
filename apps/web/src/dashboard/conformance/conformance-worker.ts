import { findingOf } from '@reckon/kernels/conformance/findings';
import { conformanceKernels, nameOf } from '@reckon/kernels/conformance/kernels';
import { type CaseOutcome, runCase, runPlain } from '@reckon/kernels/conformance/run';
import { probeCapabilities } from '@reckon/kernels/engine/capabilities';
import { createPool } from '@reckon/kernels/engine/pool';
import { spawnBrowserWorker } from '@reckon/kernels/engine/worker-browser';
import { toWire } from '@reckon/protocol/base/errors';
import { adapterClass } from './device.ts';
import type { FromChecker, PlanLine, ToChecker } from './messages.ts';

/** Entry of the checks' worker. Cases run one after the other in a kernel worker of its own, as work units do. */
interface WorkerScope {
  postMessage(message: FromChecker): void;
  onmessage: ((event: MessageEvent<ToChecker>) => void) | null;
}
const scope = globalThis as unknown as WorkerScope;
const tell = (message: FromChecker): void => scope.postMessage(message);

async function run(heavy: boolean): Promise<void> {
  const { backends, webgpu, relaxedSimd } = await probeCapabilities();
  const chosen = conformanceKernels.filter(({ downloadMb }) => heavy || downloadMb === undefined);
  const lines = chosen.flatMap((kernel) =>
    backends.flatMap((backend) => {
      const { manifest } = kernel.rules;
      if (!manifest.backends.includes(backend)) return [];
      const cases = kernel.cases.map(({ name }) => name);
      const line: PlanLine = {
        kernel: nameOf(kernel),
        title: manifest.title,
        backend,
        exact: kernel.numbers === undefined,
        cases,
      };
      const plain: PlanLine = { ...line, build: 'plain' };
      // Without relaxed SIMD a unit runs on the plain build, but is compared by its bytes only here.
      const other = relaxedSimd || kernel.plainReference !== undefined;
      const both = backend === 'wasm' && other && kernel.plainWasm !== undefined;
      return both
        ? [
            { kernel, line },
            { kernel, line: plain },
          ]
        : [{ kernel, line }];
    }),
  );
  tell({
    type: 'plan',
    lines: lines.map(({ line }) => line),
    adapter: webgpu === undefined ? null : adapterClass(webgpu),
    software: webgpu?.fallback ?? false,
  });
  const pool = createPool({ spawn: spawnBrowserWorker, size: 1 });
  const outcomes: CaseOutcome[] = [];
  // The page stops the checks by ending this worker.
  const { signal } = new AbortController();
  try {
    for (const { kernel, line } of lines) {
      for (const which of kernel.cases) {
        const outcome =
          line.build === 'plain'
            ? await runPlain(kernel, which)
            : await runCase(pool, kernel, which, line.backend, signal);
        outcomes.push(outcome);
        tell({ type: 'outcome', outcome });
      }
    }
  } finally {
    pool.close();
  }
  const findings = chosen.flatMap((kernel) =>
    backends.flatMap((backend) => findingOf(kernel, backend, outcomes) ?? []),
  );
  tell({ type: 'done', findings });
}

scope.onmessage = ({ data }) => {
  run(data.heavy).catch((error: unknown) => tell({ type: 'failed', error: toWire(error) }));
};
