import { useQuery } from '@tanstack/react-query';
import { Sparkline } from '@/components/charts/sparkline';
import { Card } from '@/components/ui/card';
import { DefinitionList } from '@/components/ui/definition-list';
import { Link } from '@/components/ui/link';
import { QueryRegion } from '@/components/ui/query-region';
import { Skeleton } from '@/components/ui/skeleton';
import type { ServerKey } from '@/lib/arm/resource-id';
import { paths } from '@/lib/paths';
import { lastHourQuery } from '@/lib/queries/metrics';
import { creditWords, type CpuCredits } from '@/lib/rules/cpu-credits';

const METRICS = ['cpu_credits_remaining', 'cpu_credits_consumed'];
const number = new Intl.NumberFormat('en-US', { maximumFractionDigits: 1 });

/** What a Burstable server has left to run faster than its share, how fast it comes and how fast it goes. */
export function CreditsCard({ server, credits }: { server: ServerKey; credits: CpuCredits }) {
  const query = useQuery(lastHourQuery(server, METRICS, 'Average'));
  return (
    <Card
      title="CPU credits"
      aside={<Link href={`${paths.server(server, 'metrics')}?charts=${METRICS[0]}~Average`}>Metrics</Link>}
    >
      <QueryRegion query={query} skeleton={<Skeleton height={110} />}>
        {({ series }) => {
          const [remaining, consumed] = METRICS.map(
            (name) => series.find((one) => one.name === name)?.values.filter((value) => value !== null) ?? [],
          ) as [number[], number[]];
          const left = remaining.at(-1);
          // Minutes without a sample used nothing: the server did not run.
          const burnt = consumed.length > 0 ? consumed.reduce((sum, value) => sum + value, 0) : undefined;
          return (
            <div className="grid items-center gap-x-6 gap-y-3 md:grid-cols-2">
              <DefinitionList
                inset
                columns={1}
                items={[
                  {
                    term: 'Left',
                    value:
                      left === undefined ? '–' : `${number.format(left)} of ${number.format(credits.most)} at most`,
                  },
                  { term: 'Got', value: `${number.format(credits.perHour)} an hour` },
                  { term: 'Used in the last hour', value: burnt === undefined ? '–' : number.format(burnt) },
                ]}
              />
              <div>
                <Sparkline
                  values={series.find(({ name }) => name === METRICS[0])?.values ?? []}
                  top={credits.most}
                  height={56}
                  label={
                    left === undefined
                      ? 'CPU credits: no sample in the last hour'
                      : `CPU credits left over the last hour, now ${number.format(left)}`
                  }
                />
                <p className="text-xs text-text-3">Left, over the last hour</p>
              </div>
              <p className="text-text-2 md:col-span-2">
                One credit is a vCore fully used for a minute. {creditWords(credits, left, burnt)}
              </p>
            </div>
          );
        }}
      </QueryRegion>
    </Card>
  );
}
