import { useEffect, useState } from 'react';
import { usePageTitle } from '../shell/page-title.ts';
import { allVerdictTexts, type VerdictText } from './verdict-codes.ts';
import './verdicts.css';

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
          {allVerdictTexts.map((text) => (
            <li key={text.code}>
              <a href={`#${text.code}`}>{text.title}</a>
            </li>
          ))}
        </ul>
      </nav>
      <div className="verdict-list">
        {allVerdictTexts.map((text) => (
          <VerdictSection key={text.code} text={text} marked={text.code === code} />
        ))}
      </div>
    </div>
  );
}

function VerdictSection(props: { text: VerdictText; marked: boolean }) {
  const { code, title, what, follows, next } = props.text;
  return (
    <section
      id={code}
      tabIndex={-1}
      className={props.marked ? 'verdict verdict-marked' : 'verdict'}
      aria-labelledby={`${code}-title`}
    >
      <h2 id={`${code}-title`}>{title}</h2>
      <p className="quiet small">
        <a href={`#${code}`}>
          <code>{code}</code>
        </a>
      </p>
      <dl className="facts">
        <dt>What happened</dt>
        <dd>{what}</dd>
        <dt>What follows</dt>
        <dd>{follows}</dd>
        <dt>What to do</dt>
        <dd>{next}</dd>
      </dl>
    </section>
  );
}
