/** Where the checkpoint goes that another auditor was shown. */
export function CompareField(props: { value: string; onChange: (text: string) => void; disabled: boolean }) {
  return (
    <details className="audit-compare">
      <summary>Compare with another auditor</summary>
      <div className="form-field">
        <label htmlFor="audit-compare">Their checkpoint</label>
        <textarea
          id="audit-compare"
          className="mono"
          rows={6}
          spellCheck={false}
          value={props.value}
          disabled={props.disabled}
          onChange={(event) => props.onChange(event.currentTarget.value)}
          aria-describedby="audit-compare-help"
        />
        <p id="audit-compare-help" className="field-help">
          Paste the whole signed text they copied. A relay that shows two people two histories is found out here.
        </p>
      </div>
    </details>
  );
}
