import { shortHex } from './format.ts';
import './digest.css';
import { report } from './toast.tsx';

/** A digest or address, shortened in the middle; a press copies all of it. */
export function Digest(props: { hex: string; what?: string }) {
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(props.hex);
      report(`Copied ${props.what ?? 'the digest'}.`);
    } catch {
      report(`The browser did not let the page copy. The ${props.what ?? 'digest'} is ${props.hex}`);
    }
  };
  return (
    <button type="button" className="digest mono" title={props.hex} onClick={() => void copy()}>
      {shortHex(props.hex)}
      <span className="hidden-text">, copy {props.what ?? 'the digest'}</span>
    </button>
  );
}
