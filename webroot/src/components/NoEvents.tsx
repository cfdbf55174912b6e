import { useState } from 'react';
import { texts } from '../texts';
import { CopyButton } from './CopyButton';
import { Message } from './Message';

/** Nothing has ever arrived: what would be here, and how to make it appear. */
export function NoEvents() {
  const [command] = useState(() => curl(location.origin, Date.now()));
  return (
    <Message title={texts.empty.title}>
      <p>{texts.empty.note}</p>
      <div className="snippet">
        <pre tabIndex={0}>{command}</pre>
        <CopyButton text={command} />
      </div>
      <p>{texts.empty.or}</p>
      <div className="snippet">
        <pre tabIndex={0}>{texts.empty.scenario}</pre>
        <CopyButton text={texts.empty.scenario} />
      </div>
    </Message>
  );
}

/** Two reports of one payment that disagree. */
export function curl(origin: string, nowMs: number): string {
  const event = (source: string, type: string, amount: number) =>
    JSON.stringify({
      txn_id: `TXN-${Math.floor(nowMs / 1_000)}`,
      source,
      event_type: type,
      status: 'SUCCESS',
      amount,
      currency: 'INR',
      timestamp: new Date(nowMs).toISOString(),
    });
  return [
    `curl ${origin}/events -H 'content-type: application/json' -d '[`,
    `  ${event('gateway', 'PAYMENT_CAPTURED', 5_000)},`,
    `  ${event('bank', 'LEDGER_POSTED', 4_500)}`,
    `]'`,
  ].join('\n');
}
