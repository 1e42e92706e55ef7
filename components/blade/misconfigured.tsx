/** The environment is wrong: every fault, for the operator. It tells names and values of the portal's own variables. */
export function Misconfigured({ faults }: { faults: string[] }) {
  return (
    <main id="content" className="mx-auto grid max-w-2xl gap-4 px-6 py-16">
      <h1 className="text-xl font-[620]">The portal is not set up yet</h1>
      <p className="text-text-2">
        Its environment has values that it cannot work with. Correct them and start it again:
      </p>
      <ul className="grid gap-1.5 rounded-card border border-line bg-surface px-4 py-3 font-mono text-sm">
        {faults.map((fault) => (
          <li key={fault} className="[overflow-wrap:anywhere]">
            {fault}
          </li>
        ))}
      </ul>
    </main>
  );
}
