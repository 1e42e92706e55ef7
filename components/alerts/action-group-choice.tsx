import { useQuery } from '@tanstack/react-query';
import { Checkbox } from '@/components/ui/checkbox';
import { Skeleton } from '@/components/ui/skeleton';
import { TextButton } from '@/components/ui/text-button';
import { actionGroupsQuery } from '@/lib/queries/alerts';
import { receiverWords } from '@/lib/rules/alert-changes';
import { MOST_ACTION_GROUPS } from '@/lib/rules/alerts';

interface ActionGroupChoiceProps {
  subscriptionId: string;
  /** Ids. */
  chosen: readonly string[];
  onChange: (ids: string[]) => void;
  onCreate: () => void;
}

/** Who is told. */
export function ActionGroupChoice({ subscriptionId, chosen, onChange, onCreate }: ActionGroupChoiceProps) {
  const query = useQuery(actionGroupsQuery(subscriptionId));
  const has = (id: string) => chosen.some((one) => one.toLowerCase() === id.toLowerCase());
  return (
    <fieldset className="grid gap-2">
      <legend className="mb-1 text-sm font-semibold">Tell</legend>
      {query.isPending && <Skeleton width={240} height={18} />}
      {query.error && <p className="text-bad">{query.error.message}</p>}
      {query.data?.map((group) => (
        <Checkbox
          key={group.id}
          label={group.name}
          description={receiverWords(group.properties)}
          checked={has(group.id)}
          disabledReason={
            !has(group.id) &&
            chosen.length >= MOST_ACTION_GROUPS &&
            `A rule tells ${MOST_ACTION_GROUPS} action groups at most.`
          }
          onChange={() =>
            onChange(
              has(group.id)
                ? chosen.filter((one) => one.toLowerCase() !== group.id.toLowerCase())
                : [...chosen, group.id],
            )
          }
        />
      ))}
      {query.data?.length === 0 && (
        <p className="text-text-2">
          Nobody can be told yet: the alert will stand here only.{' '}
          <TextButton onClick={onCreate}>Create an action group</TextButton>
        </p>
      )}
    </fieldset>
  );
}
