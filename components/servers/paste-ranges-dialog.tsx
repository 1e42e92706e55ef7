'use client';

import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { TextArea } from '@/components/ui/text-field';
import { addressCount, freeRuleName, parseAddressRanges, type NamedAddressRange } from '@/lib/rules/address-ranges';

interface PasteRangesDialogProps {
  taken: string[];
  onAdd: (rules: NamedAddressRange[]) => void;
  onClose: () => void;
}

/** Addresses, blocks and ranges, one a line, become rules. */
export function PasteRangesDialog({ taken, onAdd, onClose }: PasteRangesDialogProps) {
  const [text, setText] = useState('');
  const { ranges, problems } = parseAddressRanges(text);
  const addresses = ranges.reduce((sum, range) => sum + (addressCount(range) ?? 0), 0);
  const found =
    ranges.length === 0
      ? undefined
      : `${ranges.length} ${ranges.length === 1 ? 'range' : 'ranges'} with ${addresses.toLocaleString('en-US')} ${addresses === 1 ? 'address' : 'addresses'}.`;
  const add = () => {
    const names = [...taken];
    onAdd(
      ranges.map((range) => {
        const name = freeRuleName(`from-${range.startIpAddress.replaceAll('.', '-')}`, names);
        names.push(name);
        return { name, ...range };
      }),
    );
  };
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title="Paste addresses"
      footer={
        <>
          <Button
            variant="primary"
            onClick={add}
            disabledReason={
              (problems.length > 0 && 'Correct the lines that are no addresses first.') ||
              (ranges.length === 0 && 'Paste at least one address first.')
            }
          >
            {ranges.length > 1 ? `Add ${ranges.length} rules` : 'Add rule'}
          </Button>
          <Button onClick={onClose}>Cancel</Button>
        </>
      }
    >
      <TextArea
        label="One address, block or range on each line"
        layout="stack"
        mono
        rows={8}
        autoFocus
        value={text}
        onChange={(event) => setText(event.target.value)}
        placeholder={'203.0.113.7\n203.0.113.0/24\n198.51.100.1-198.51.100.9'}
        error={problems.length > 0 && problems.map((problem) => <p key={problem}>{problem}</p>)}
        success={found}
      />
    </Dialog>
  );
}
