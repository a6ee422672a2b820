import { manifests } from '@reckon/kernels/manifests';
import { kernelName } from '@reckon/protocol/model/kernel-manifest';
import { Link } from 'wouter';
import { Digest } from '../../ui/digest.tsx';
import '../../ui/table.css';

/** Every program a node may be asked to run, by name and digest. */
export default function KernelList() {
  return (
    <section className="panel" aria-labelledby="kernels-title">
      <div className="panel-head">
        <h2 id="kernels-title">What can run here</h2>
        <p className="quiet small">
          Nothing else is accepted from the relay.{' '}
          <Link href="/conformance">Does this device compute the same bits?</Link>
        </p>
      </div>
      <ul className="kernel-list">
        {manifests.map((manifest) => (
          <li key={manifest.id}>
            <h3>{manifest.title}</h3>
            <p className="quiet">{manifest.summary}</p>
            <p className="small">
              <code>{kernelName(manifest)}</code> <Digest hex={manifest.digest} what="the kernel's digest" />
            </p>
          </li>
        ))}
      </ul>
    </section>
  );
}
