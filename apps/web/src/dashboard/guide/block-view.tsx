import type { Token, Tokens } from 'marked';
import { Fragment } from 'react';
import { type Block, blocksOf, slugOf } from './markdown.ts';

/** One block of a text, as React elements: nothing of it is ever taken for HTML. */
export function BlockView({ block }: { block: Block }) {
  switch (block.type) {
    case 'heading': {
      const Title = `h${Math.min(4, block.depth)}` as 'h1' | 'h2' | 'h3' | 'h4';
      return (
        <Title id={slugOf(block.text)}>
          <Inline tokens={block.tokens} />
        </Title>
      );
    }
    case 'paragraph':
      return (
        <p>
          <Inline tokens={block.tokens} />
        </p>
      );
    case 'text':
      return <Inline tokens={block.tokens ?? []} />;
    case 'code':
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keys
      return (
        <pre className="mono" tabIndex={0}>
          {block.text}
        </pre>
      );
    case 'list':
      return <ListView list={block} />;
    case 'table':
      return <TableView table={block} />;
  }
}

function ListView({ list }: { list: Tokens.List }) {
  const List = list.ordered ? 'ol' : 'ul';
  return (
    <List className="guide-list">
      {list.items.map((item, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a text's items never change places
        <li key={index}>
          {blocksOf(item.tokens).map((block, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: nor do their blocks
            <BlockView key={at} block={block} />
          ))}
        </li>
      ))}
    </List>
  );
}

function TableView({ table }: { table: Tokens.Table }) {
  const headed = table.header.some(({ text }) => text !== '');
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keys
    <div className="table-wrap" tabIndex={0}>
      <table>
        {headed && (
          <thead>
            <tr>
              {table.header.map(({ text, tokens }) => (
                <th key={text} scope="col">
                  <Inline tokens={tokens} />
                </th>
              ))}
            </tr>
          </thead>
        )}
        <tbody>
          {table.rows.map((row) => (
            <tr key={row[0]?.text}>
              {row.map(({ tokens }, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: cells never change places
                <td key={index}>
                  <Inline tokens={tokens} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** A link keeps its words alone, for it leads into the repository. */
function Inline({ tokens }: { tokens: readonly Token[] }) {
  return tokens.map((token, index) => {
    const inner = 'tokens' in token && token.tokens ? <Inline tokens={token.tokens} /> : token.raw;
    const shown =
      token.type === 'codespan' ? (
        <code>{(token as Tokens.Codespan).text}</code>
      ) : token.type === 'strong' ? (
        <strong>{inner}</strong>
      ) : token.type === 'em' ? (
        <em>{inner}</em>
      ) : token.type === 'escape' ? (
        (token as Tokens.Escape).text
      ) : (
        inner
      );
    // biome-ignore lint/suspicious/noArrayIndexKey: a text's parts never change places
    return <Fragment key={index}>{shown}</Fragment>;
  });
}
