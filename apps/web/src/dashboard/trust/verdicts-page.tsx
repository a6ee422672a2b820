import { Fragment, useEffect, useState } from 'react';
import { usePageTitle } from '../shell/page-title.ts';
import verification from '../../../../../docs/verification.md?raw';
import { verdictCode, verdictTitles } from './verdict-codes.ts';
import { readVerdicts, type VerdictEntry } from './verdict-docs.ts';
import './verdicts.css';

const entries = readVerdicts(verification);
const titleOf = (code: string): string => {
  const known = verdictCode(code);
  return known === undefined ? code : verdictTitles[known];
};

const here = (): string => decodeURIComponent(location.hash.slice(1));

/** Every coded verdict: what was found, what follows, what to do. Each has an address of its own. */
export default function VerdictsPage() {
  usePageTitle('Verdicts');
  const [code, setCode] = useState(here);
  useEffect(() => {
    const follow = () => setCode(here());
    addEventListener('hashchange', follow);
    return () => removeEventListener('hashchange', follow);
  }, []);
  useEffect(() => {
    if (code === '') return;
    // After the frame, which puts every new page at its top.
    const frame = requestAnimationFrame(() => {
      const section = document.getElementById(code);
      section?.scrollIntoView({ block: 'start' });
      section?.focus({ preventScroll: true });
    });
    return () => cancelAnimationFrame(frame);
  }, [code]);
  return (
    <div className="page">
      <header className="page-head">
        <h1>Verdicts</h1>
        <p>
          The network decides of every result whether it is accepted, and says why when it is not. These are the reasons
          there are. Each is decided by rules over the public journal, which anyone can run again.
        </p>
      </header>
      <nav aria-label="Verdicts on this page" className="verdict-index">
        <ul>
          {entries.map(({ code: each }) => (
            <li key={each}>
              <a href={`#${each}`}>{titleOf(each)}</a>
            </li>
          ))}
        </ul>
      </nav>
      <div className="verdict-list">
        {entries.map((text) => (
          <VerdictSection key={text.code} text={text} marked={text.code === code} />
        ))}
      </div>
    </div>
  );
}

function VerdictSection(props: { text: VerdictEntry; marked: boolean }) {
  const { code, parts } = props.text;
  return (
    <section
      id={code}
      tabIndex={-1}
      className={props.marked ? 'verdict verdict-marked' : 'verdict'}
      aria-labelledby={`${code}-title`}
    >
      <h2 id={`${code}-title`}>{titleOf(code)}</h2>
      <p className="quiet small">
        <a href={`#${code}`}>
          <code>{code}</code>
        </a>
      </p>
      <dl className="facts">
        {parts.map(({ lead, text }) => (
          <Fragment key={lead}>
            <dt>{lead}</dt>
            <dd>
              <Marked text={text} />
            </dd>
          </Fragment>
        ))}
      </dl>
    </section>
  );
}

/** Text with its `codes`; those that are verdicts lead to theirs. */
function Marked(props: { text: string }) {
  return props.text.split('`').map((part, index) => {
    const code = <code>{part}</code>;
    const shown = index % 2 === 0 ? part : verdictCode(part) === part ? <a href={`#${part}`}>{code}</a> : code;
    // biome-ignore lint/suspicious/noArrayIndexKey: a text's parts never change places
    return <Fragment key={index}>{shown}</Fragment>;
  });
}
