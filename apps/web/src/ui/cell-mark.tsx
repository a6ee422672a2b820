import { type CellLook, lookWords } from './cell.ts';

/** One cell as a mark beside a word, drawn like the field's. The word is the caller's: the mark alone says nothing aloud. */
export function CellMark(props: { look: CellLook; progress?: number; size?: number }) {
  const { look, size = 12, progress = 0.5 } = props;
  const color = {
    pending: 'edge',
    computing: 'accepted',
    accepted: 'accepted',
    checked: 'accepted',
    waiting: 'waiting',
    refused: 'refused',
  }[look];
  const stroke = `var(--${color})`;
  const solid = look === 'accepted' || look === 'checked';
  const height = 10 * progress;
  return (
    <svg
      className="cell-mark"
      width={size}
      height={size}
      viewBox="0 0 12 12"
      aria-hidden="true"
      fill="none"
      stroke={stroke}
    >
      {solid && <rect width="12" height="12" fill={stroke} stroke="none" />}
      {!solid && <rect x=".5" y=".5" width="11" height="11" strokeDasharray={look === 'refused' ? '3 2' : undefined} />}
      {look === 'checked' && <rect x="3" y="3" width="6" height="6" stroke="var(--paper)" strokeWidth="1.4" />}
      {look === 'computing' && <rect x="1" y={11 - height} width="10" height={height} fill={stroke} stroke="none" />}
      {look === 'waiting' && <path d="M0 4 4 0M0 8 8 0M0 12 12 0M4 12l8-8M8 12l4-4" />}
      {look === 'refused' && <path d="M12 0 0 12" strokeWidth="1.6" />}
    </svg>
  );
}

/** What the looks of a field mean. */
export function CellLegend(props: { looks: readonly CellLook[] }) {
  return (
    <ul className="cell-legend">
      {props.looks.map((look) => (
        <li key={look}>
          <CellMark look={look} />
          {lookWords[look]}
        </li>
      ))}
    </ul>
  );
}
