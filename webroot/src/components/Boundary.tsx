import { Component, type ReactNode } from 'react';
import { texts } from '../texts';
import { Message } from './Message';

/** What is to be drawn in place of what has thrown; `retry` draws that again. */
type Instead = (why: string, retry: () => void) => ReactNode;

const wholePage: Instead = (why) => (
  <Message title={texts.broken} role="alert">
    <p>{texts.brokenNote(why)}</p>
    <button type="button" className="button" onClick={() => location.reload()}>{texts.reload}</button>
  </Message>
);

/** What throws says so in its place, by default as a page; what is around it lives on. */
export class Boundary extends Component<{ children: ReactNode; instead?: Instead }, { failed: string | null }> {
  override state = { failed: null as string | null };

  static getDerivedStateFromError(error: unknown) {
    return { failed: error instanceof Error ? error.message : String(error) };
  }

  override render() {
    if (this.state.failed === null) return this.props.children;
    return (this.props.instead ?? wholePage)(this.state.failed, () => this.setState({ failed: null }));
  }
}
