/** Four bars and a stroke on a 24-unit grid, one weight. */
export function Logo(props: { size?: number }) {
  return (
    <svg width={props.size ?? 24} height={props.size ?? 24} viewBox="0 0 24 24" aria-hidden="true" className="logo">
      <path
        d="M4.5 4v16M9.5 4v16M14.5 4v16M19.5 4v16M1.5 18.5l21-13"
        fill="none"
        stroke="currentColor"
        strokeWidth="2.25"
      />
    </svg>
  );
}
