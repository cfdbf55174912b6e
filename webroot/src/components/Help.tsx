import { useEffect, useRef } from 'react';
import { texts } from '../texts';

export function Help({ close }: { close: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal?.(), []);
  return (
    <dialog ref={dialog} className="help" aria-label={texts.help} onClose={close} onClick={(event) => event.target === dialog.current && close()}>
      <h2>{texts.help}</h2>
      <dl>
        {texts.keys.map(([key, does]) => (
          <div key={key}>
            <dt>
              {key.split(/\s+/).map((one) => (
                <kbd key={one}>{one}</kbd>
              ))}
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
      <button type="button" className="button" onClick={close} autoFocus>{texts.close}</button>
    </dialog>
  );
}
