import { Component, type ReactNode } from 'react';
import { texts } from '../texts';
import { Message } from './Message';

/** A page that throws says so in its place; the frame around it lives on. */
export class Boundary extends Component<{ children: ReactNode }, { failed: string | null }> {
  override state = { failed: null as string | null };

  static getDerivedStateFromError(error: unknown) {
    return { failed: error instanceof Error ? error.message : String(error) };
  }

  override render() {
    if (this.state.failed === null) return this.props.children;
    return (
      <Message title={texts.broken} role="alert">
        <p>{texts.brokenNote(this.state.failed)}</p>
        <button type="button" className="button" onClick={() => location.reload()}>{texts.reload}</button>
      </Message>
    );
  }
}
