import { useState } from 'react';
import { texts } from '../texts';

export function CopyButton({ text }: { text: string }) {
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      setCopied(true);
      setTimeout(() => setCopied(false), 1_500);
    } catch {
      // Not allowed (no HTTPS, no permission): the text is on the screen and can be selected.
    }
  };
  return (
    <button type="button" className="button small" onClick={() => void copy()}>
      {copied ? texts.copied : texts.copy}
    </button>
  );
}
