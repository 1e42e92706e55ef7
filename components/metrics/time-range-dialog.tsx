'use client';

import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { formatUtc } from '@/components/ui/format-time';
import { TextField } from '@/components/ui/text-field';
import { KEPT_MS, spanOf, type TimeChoice } from '@/lib/rules/metric-time';

interface TimeRangeDialogProps {
  isOpen: boolean;
  time: TimeChoice;
  onClose: () => void;
  onChoose: (from: number, to: number) => void;
}

/** Times of one's own, in the person's zone with UTC beside. */
export function TimeRangeDialog({ isOpen, ...props }: TimeRangeDialogProps) {
  return isOpen ? <OpenDialog {...props} /> : null;
}

function OpenDialog({ time, onClose, onChoose }: Omit<TimeRangeDialogProps, 'isOpen'>) {
  const [now] = useState(Date.now);
  const [from, setFrom] = useState(() => localText(time.from ?? now - spanOf(time)));
  const [to, setTo] = useState(() => localText(time.to ?? now));
  const [start, end] = [Date.parse(from), Date.parse(to)];
  const problems = {
    from: startProblem(start, now),
    to: Number.isNaN(end) ? 'Choose a time.' : end <= start ? 'It must be after the start.' : undefined,
  };
  const choose = () => {
    onChoose(start, end);
    onClose();
  };
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title="Choose times"
      width="narrow"
      footer={
        <>
          <Button variant="primary" onClick={choose} disabledReason={problems.from ?? problems.to}>
            Show
          </Button>
          <Button onClick={onClose}>Cancel</Button>
        </>
      }
    >
      <TextField
        label="From"
        layout="stack"
        type="datetime-local"
        value={from}
        onChange={(event) => setFrom(event.target.value)}
        error={problems.from}
        description={utc(start)}
      />
      <TextField
        label="To"
        layout="stack"
        type="datetime-local"
        value={to}
        onChange={(event) => setTo(event.target.value)}
        error={problems.to}
        description={utc(end)}
      />
    </Dialog>
  );
}

function startProblem(start: number, now: number): string | undefined {
  if (Number.isNaN(start)) return 'Choose a time.';
  // The field has whole minutes.
  if (start < now - KEPT_MS - 60_000) return 'Metrics are kept for 30 days.';
  return start > now ? 'It lies in the future.' : undefined;
}

function utc(time: number): string | undefined {
  return Number.isNaN(time) ? undefined : formatUtc(new Date(time));
}

/** As the browser's field has it: local, to the minute. */
function localText(time: number): string {
  return new Date(time - new Date(time).getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}
