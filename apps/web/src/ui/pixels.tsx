import type { Preview } from '@reckon/kernels/kernel';
import { useLayoutEffect, useRef } from 'react';
import './pixels.css';

/** What a unit is, shown as itself: its pixels, enlarged without smoothing, or its text. */
export function PreviewView(props: { preview: Preview; label: string }) {
  const { preview, label } = props;
  if (preview.kind === 'text') {
    return (
      <pre className="preview-text mono" role="img" aria-label={label}>
        {preview.text}
      </pre>
    );
  }
  return <Pixels {...preview} label={label} />;
}

export function Pixels(props: { width: number; height: number; rgba: Uint8ClampedArray; label: string }) {
  const { width, height, rgba } = props;
  const canvas = useRef<HTMLCanvasElement>(null);
  useLayoutEffect(() => {
    // A copy: ImageData wants a plain ArrayBuffer of its own.
    if (rgba.length !== width * height * 4) return;
    canvas.current?.getContext('2d')?.putImageData(new ImageData(new Uint8ClampedArray(rgba), width, height), 0, 0);
  }, [width, height, rgba]);
  return <canvas ref={canvas} width={width} height={height} className="pixels" role="img" aria-label={props.label} />;
}
