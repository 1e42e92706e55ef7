import { Trash2 } from 'lucide-react';
import { Combobox } from '@/components/ui/combobox';
import { IconButton } from '@/components/ui/icon-button';
import { NumberField } from '@/components/ui/number-field';
import { Select } from '@/components/ui/select';
import { AGGREGATIONS } from '@/lib/arm/insights/aggregations';
import type { MetricDefinition } from '@/lib/arm/insights/metrics';
import type { FormCriterion } from '@/lib/rules/alert-form';
import { OPERATORS, type AlertOperator } from '@/lib/rules/alerts';
import { bestAggregation } from '@/lib/rules/metric-charts';
import { AGGREGATION_LABELS } from '@/lib/rules/metric-values';

interface CriterionFieldsProps {
  /** `Condition 1`; empty where there is only one. */
  title: string;
  criterion: FormCriterion;
  definitions: readonly MetricDefinition[] | undefined;
  onChange: (criterion: FormCriterion) => void;
  /** Absent for the only one. */
  onRemove?: (() => void) | undefined;
  error?: string | undefined;
}

const UNITS: Record<string, string> = { Percent: '%', Seconds: 's', MilliSeconds: 'ms', Bytes: 'bytes' };

/** A metric, how it is summed up, and what it is compared with. */
export function CriterionFields({ title, criterion, definitions, onChange, onRemove, error }: CriterionFieldsProps) {
  const definition = definitions?.find(({ name }) => name.value === criterion.metricName);
  return (
    <fieldset className="grid gap-3 rounded-card border border-line p-3">
      <legend className="px-1 text-sm font-semibold">{title || 'Condition'}</legend>
      <Combobox
        label="Metric"
        layout="stack"
        loading={!definitions}
        options={(definitions ?? []).map(({ name, displayDescription, category }) => ({
          id: name.value,
          label: name.localizedValue ?? name.value,
          description: displayDescription ?? undefined,
          group: category ?? undefined,
        }))}
        value={criterion.metricName}
        onChange={(metricName) => {
          if (metricName === null) return;
          const timeAggregation = bestAggregation([metricName], definitions ?? []);
          onChange({ ...criterion, metricName, timeAggregation });
        }}
      />
      <div className="grid gap-3 sm:grid-cols-3 [&>*]:min-w-0">
        <Select
          label="Aggregation"
          layout="stack"
          options={AGGREGATIONS.map((id) => ({ id, label: AGGREGATION_LABELS[id] ?? id }))}
          value={criterion.timeAggregation}
          onChange={(id) => onChange({ ...criterion, timeAggregation: id as FormCriterion['timeAggregation'] })}
        />
        <Select
          label="Is"
          layout="stack"
          options={Object.entries(OPERATORS).map(([id, label]) => ({ id, label }))}
          value={criterion.operator}
          onChange={(id) => onChange({ ...criterion, operator: id as AlertOperator })}
        />
        <NumberField
          label="Threshold"
          layout="stack"
          value={criterion.threshold}
          onChange={(threshold) => onChange({ ...criterion, threshold })}
          unit={UNITS[definition?.unit ?? '']}
          error={error}
        />
      </div>
      {onRemove && (
        <div className="justify-self-end">
          <IconButton icon={Trash2} label={`Remove ${title}`} size={24} onClick={onRemove} />
        </div>
      )}
    </fieldset>
  );
}
