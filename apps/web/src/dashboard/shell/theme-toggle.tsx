import { setTheme, type Theme, useTheme } from '../../ui/theme.ts';

const next: { readonly [T in Theme]: Theme } = { auto: 'light', light: 'dark', dark: 'auto' };
const words: { readonly [T in Theme]: string } = { auto: 'as the system', light: 'light', dark: 'dark' };

/** Three states in turn: as the system, light, dark. */
export function ThemeToggle() {
  const theme = useTheme();
  return (
    <button
      type="button"
      className="theme-toggle"
      onClick={() => setTheme(next[theme])}
      title={`Theme: ${words[theme]}. Press for ${words[next[theme]]}.`}
      aria-label={`Theme: ${words[theme]}. Change to ${words[next[theme]]}.`}
    >
      <svg width="18" height="18" viewBox="0 0 18 18" aria-hidden="true">
        <rect x="2" y="2" width="14" height="14" fill="none" stroke="currentColor" strokeWidth="1.5" />
        {theme === 'auto' && <path d="M16 2v14H2z" fill="currentColor" />}
        {theme === 'dark' && <rect x="2" y="2" width="14" height="14" fill="currentColor" />}
        {theme === 'light' && <rect x="6.5" y="6.5" width="5" height="5" fill="currentColor" />}
      </svg>
    </button>
  );
}
