import { Fragment, useEffect } from 'react';
import kernels from '../../../../../docs/kernels.md?raw';
import { usePageTitle } from '../shell/page-title.ts';
import '../../ui/table.css';
import './guide.css';
import { BlockView } from './block-view.tsx';
import { readMarkdown, slugOf } from './markdown.ts';

const blocks = readMarkdown(kernels);
const sections = blocks.flatMap((block) => (block.type === 'heading' && block.depth === 2 ? [block.text] : []));

/** docs/kernels.md, for whoever has a browser and not the repository. */
export default function GuidePage() {
  usePageTitle('Bring your own kernel');
  useEffect(() => {
    const show = () => document.getElementById(location.hash.slice(1))?.scrollIntoView({ block: 'start' });
    // After the frame, which puts every new page at its top.
    const frame = requestAnimationFrame(show);
    return () => cancelAnimationFrame(frame);
  }, []);
  return (
    <div className="page guide">
      {blocks.map((block, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a text's blocks never change places
        <Fragment key={index}>
          <BlockView block={block} />
          {index === 0 && (
            <nav aria-label="Sections of the guide">
              <ul className="guide-index">
                {sections.map((text) => (
                  <li key={text}>
                    <a href={`#${slugOf(text)}`}>{text}</a>
                  </li>
                ))}
              </ul>
              <p className="quiet small">
                This is <code>docs/kernels.md</code> of the project; files it names are in the project too.
              </p>
            </nav>
          )}
        </Fragment>
      ))}
    </div>
  );
}
