import { Component, type ReactNode } from 'react';
import { ErrorBox } from '../../ui/states.tsx';

/** A page that fails says so in its place; the frame, and a node that computes, go on. */
export class PageBoundary extends Component<{ children: ReactNode }, { error: unknown }> {
  override state: { error: unknown } = { error: undefined };

  static getDerivedStateFromError(error: unknown): { error: unknown } {
    return { error };
  }

  override render(): ReactNode {
    if (this.state.error === undefined) return this.props.children;
    return <ErrorBox error={this.state.error} onRetry={() => this.setState({ error: undefined })} />;
  }
}
