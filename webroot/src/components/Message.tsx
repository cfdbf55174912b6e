import type { ReactNode } from 'react';

/** A state in words: what happened, and what to do. */
export function Message({ title, children, role }: { title: string; children?: ReactNode; role?: 'alert' | 'status' }) {
  return (
    <section className="message" role={role}>
      <h2>{title}</h2>
      {children}
    </section>
  );
}
