import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { Spinner } from '@/components/ui/spinner';
import { Time } from '@/components/ui/time';
import { apiPaths } from '@/lib/paths';
import { keyOf, lostContact } from '@/lib/queries/client';

/** What the portal answers by itself says nothing of Resource Manager. */
const [OWN_ANSWER] = keyOf(apiPaths.clientAddress());

/** Said once for the whole page while nothing can be read: what it shows stays there, and is read anew afterwards. */
export function LostContact() {
  const client = useQueryClient();
  const [lost, setLost] = useState<{ words: string; since: string } | null>(null);
  useEffect(() => {
    let isLost = false;
    return client.getQueryCache().subscribe((event) => {
      if (event.type !== 'updated') return;
      const { action, query } = event;
      const words = action.type === 'error' ? lostContact(action.error) : undefined;
      if (words && !isLost) {
        isLost = true;
        setLost({ words, since: new Date().toISOString() });
      } else if (isLost && action.type === 'success' && query.queryKey[0] !== OWN_ANSWER) {
        isLost = false;
        setLost(null);
        void client.refetchQueries({
          type: 'active',
          predicate: ({ state }) => lostContact(state.error) !== undefined,
        });
      }
    });
  }, [client]);
  if (!lost) return null;
  return (
    <div
      role="alert"
      className="sticky top-[44px] z-20 flex flex-wrap items-center gap-x-2.5 gap-y-1 border-b border-line bg-warn-weak px-3.5 py-2 md:px-6"
    >
      <Spinner size={14} />
      <span className="min-w-0 flex-1 basis-64">
        <b className="font-semibold">{lost.words}</b> What you see is as it was at <Time value={lost.since} />. It is
        asked again every few seconds, and nothing that you filled in is lost.
      </span>
    </div>
  );
}
