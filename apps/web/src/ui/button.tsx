import type { ButtonHTMLAttributes } from 'react';
import './button.css';

export interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  look?: 'primary' | 'plain' | 'quiet' | 'danger';
  size?: 'normal' | 'large' | 'small';
  /** The action is under way: the button says so and takes no second press. */
  busy?: boolean | undefined;
}

export function Button(props: ButtonProps) {
  const { look = 'plain', size = 'normal', busy = false, className = '', disabled, children, ...rest } = props;
  return (
    <button
      type="button"
      {...rest}
      className={`button button-${look} button-${size} ${className}`}
      disabled={disabled === true || busy}
      aria-busy={busy || undefined}
    >
      {busy && <span className="button-busy" aria-hidden="true" />}
      {children}
    </button>
  );
}
