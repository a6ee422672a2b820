import { Fragment, useEffect } from 'react';
import kernels from '../../../../../docs/kernels.md?raw';
import { usePageTitle } from '../shell/page-title.ts';
import '../../ui/table.css';
import './guide.css';
import { type Block, readInline, readMarkdown } from './markdown.ts';

const blocks = readMarkdown(kernels);
const sections = blocks.filter((block) => block.kind === 'heading' && block.level === 2) as Extract<
  Block,
  { kind: 'heading' }
>[];

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
                {sections.map(({ id, text }) => (
                  <li key={id}>
                    <a href={`#${id}`}>{text}</a>
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

function BlockView({ block }: { block: Block }) {
  switch (block.kind) {
    case 'heading': {
      const Title = `h${Math.min(4, block.level)}` as 'h1' | 'h2' | 'h3' | 'h4';
      return (
        <Title id={block.id}>
          <Marked text={block.text} />
        </Title>
      );
    }
    case 'paragraph':
      return (
        <p>
          <Marked text={block.text} />
        </p>
      );
    case 'code':
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keys
      return (
        <pre className="mono" tabIndex={0}>
          {block.text}
        </pre>
      );
    case 'list':
      return (
        <ul className="guide-list">
          {block.items.map((item) => (
            <li key={item}>
              <Marked text={item} />
            </li>
          ))}
        </ul>
      );
    case 'table':
      return <TableView block={block} />;
  }
}

function TableView({ block }: { block: Extract<Block, { kind: 'table' }> }) {
  const headed = block.head.some((cell) => cell !== '');
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keys
    <div className="table-wrap" tabIndex={0}>
      <table>
        {headed && (
          <thead>
            <tr>
              {block.head.map((cell) => (
                <th key={cell} scope="col">
                  <Marked text={cell} />
                </th>
              ))}
            </tr>
          </thead>
        )}
        <tbody>
          {block.rows.map((row) => (
            <tr key={row[0]}>
              {row.map((cell, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: cells never change places
                <td key={index}>
                  <Marked text={cell} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Marked(props: { text: string }) {
  return readInline(props.text).map(({ kind, text }, index) => {
    const shown =
      kind === 'code' ? (
        <code>{text}</code>
      ) : kind === 'strong' ? (
        <strong>
          <Marked text={text} />
        </strong>
      ) : kind === 'emphasis' ? (
        <em>{text}</em>
      ) : (
        text
      );
    // biome-ignore lint/suspicious/noArrayIndexKey: a text's parts never change places
    return <Fragment key={index}>{shown}</Fragment>;
  });
}
