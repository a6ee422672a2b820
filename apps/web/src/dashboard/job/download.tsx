import { createChainReader } from '@reckon/client/chain/relay-chain';
import { downloadJob } from '@reckon/client/result/download-job';
import { verifyResult } from '@reckon/client/result/verify-result';
import { zipResult } from '@reckon/client/result/zip';
import type { JobSummary } from '@reckon/protocol/wire/http';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useConfig } from '../../api/queries.ts';
import { relay } from '../../api/relay.ts';
import { Button } from '../../ui/button.tsx';
import { CellMark } from '../../ui/cell-mark.tsx';
import { formatBytes, plural } from '../../ui/format.ts';
import { Progress } from '../../ui/progress.tsx';
import { ErrorBox } from '../../ui/states.tsx';
import { report } from '../../ui/toast.tsx';
import { Equivalent } from '../shell/equivalent.tsx';
import { checkLook } from './unit-evidence.tsx';
import { markChecked } from './verify-state.ts';

/** Fetches every result, verifies all of it in this browser and against the chain, and saves one archive. */
export default function Download(props: { job: JobSummary }) {
  const { job } = props;
  const config = useConfig().data;
  const [progress, setProgress] = useState({ blobs: 0, total: 0 });
  const download = useMutation({
    mutationFn: async () => {
      const done = await downloadJob(relay, job.jobId, { onProgress: (blobs, total) => setProgress({ blobs, total }) });
      const checked =
        config === undefined
          ? done.report
          : await verifyResult(done.files, { chain: createChainReader(config, location.origin) });
      markChecked(
        job.jobId,
        done.bundle.units.filter((unit) => unit.canonical !== null).map((unit) => unit.index),
      );
      const archive = zipResult(done.files);
      save(archive, `${fileName(job.title)}-${job.jobId.slice(2, 10)}.zip`);
      report(`Saved ${plural(done.files.size, 'file')}, ${formatBytes(archive.length)}.`);
      return { checks: checked.checks, files: done.files.size };
    },
  });
  return (
    <div className="download">
      <div className="actions">
        <Button look="primary" busy={download.isPending} onClick={() => download.mutate()}>
          Verify and download
        </Button>
      </div>
      {download.isPending && progress.total > 0 && (
        <Progress
          value={progress.blobs / progress.total}
          label="Results fetched"
          text={`${progress.blobs} of ${progress.total}`}
        />
      )}
      {download.error && <ErrorBox compact error={download.error} />}
      {download.data !== undefined && (
        <div role="status">
          <ul className="checks small">
            {download.data.checks.map((check) => (
              <li key={check.name}>
                <CellMark look={checkLook(check.status)} />
                <span>
                  <strong>{check.name}</strong>: {check.words}
                </span>
              </li>
            ))}
          </ul>
        </div>
      )}
      <Equivalent
        cli={`npx reckon verify ${fileName(job.title)}-${job.jobId.slice(2, 10)}.zip`}
        sdk={`const { files } = await downloadJob(relay, '${job.jobId}')`}
        http={`GET /api/jobs/${job.jobId}/bundle`}
      />
    </div>
  );
}

const fileName = (title: string): string =>
  title
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
    .slice(0, 40) || 'results';

function save(bytes: Uint8Array<ArrayBuffer>, name: string): void {
  const url = URL.createObjectURL(new Blob([bytes], { type: 'application/zip' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
