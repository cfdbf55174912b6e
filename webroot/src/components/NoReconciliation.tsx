import { Link } from 'wouter';
import { texts } from '../texts';
import { Message } from './Message';

/** The address names a reconciliation that is not defined: which ones are. */
export function NoReconciliation({ name, known }: { name: string; known: readonly string[] }) {
  return (
    <Message title={texts.noReconciliation(name)}>
      <p>{texts.noReconciliationNote}</p>
      <ul className="choice">
        <li><Link href="/">{texts.allReconciliations}</Link></li>
        {known.map((one) => (
          <li key={one}><Link href={`/?reconciliation=${encodeURIComponent(one)}`}>{one}</Link></li>
        ))}
      </ul>
    </Message>
  );
}
