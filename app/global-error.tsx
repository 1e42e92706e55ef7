'use client';

import './globals.css';

/** The frame itself failed: nothing of it can be used here. */
export default function GlobalErrorPage({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
  return (
    <html lang="en">
      <body>
        <main className="mx-auto grid max-w-xl gap-3 px-6 py-16">
          <title>Flexdeck failed</title>
          <h1 className="text-xl font-[620]">The portal failed</h1>
          <p>{error.message}</p>
          {error.digest && <p className="font-mono text-xs text-text-3">{error.digest}</p>}
          <p>
            <button type="button" onClick={reset} className="h-8 rounded bg-accent px-3.5 text-on-accent">
              Try again
            </button>
          </p>
        </main>
      </body>
    </html>
  );
}
