import './equivalent.css';

/** The same step from a terminal, from code, and over HTTP: every button has its equal. */
export function Equivalent(props: { cli?: string; sdk?: string; http?: string }) {
  const rows = Object.entries({ Terminal: props.cli, SDK: props.sdk, HTTP: props.http }).filter(
    (row): row is [string, string] => row[1] !== undefined,
  );
  return (
    <details className="equivalent">
      <summary>The same from a terminal or code</summary>
      <dl>
        {rows.map(([name, text]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>
              <pre className="mono">{text}</pre>
            </dd>
          </div>
        ))}
      </dl>
    </details>
  );
}
