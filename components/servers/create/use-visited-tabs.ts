'use client';

import { useEffect, useRef, useState } from 'react';
import type { FieldPath } from 'react-hook-form';
import { CREATE_TABS, type CreateServerForm, type CreateTab } from '@/lib/rules/create-server-form';

const FIELDS_OF_TAB: Record<Exclude<CreateTab, 'review'>, FieldPath<CreateServerForm>[]> = {
  basics: [
    'subscriptionId',
    'resourceGroup',
    'serverName',
    'location',
    'version',
    'skuName',
    'administratorLogin',
    'administratorPassword',
    'confirmPassword',
  ],
  networking: ['firewallRules'],
  security: [],
  tags: ['tags'],
};

type Trigger = (fields?: FieldPath<CreateServerForm>[]) => Promise<boolean>;

/** Tabs that were left, whose fields say what is wrong with them; from the last one on, all of them. */
export function useVisitedTabs(tab: CreateTab, trigger: Trigger): ReadonlySet<CreateTab> {
  const [seen, setSeen] = useState({ tab, visited: visitedAfter(new Set(), tab, tab) });
  if (seen.tab !== tab) setSeen({ tab, visited: visitedAfter(seen.visited, seen.tab, tab) });

  const checked = useRef(tab);
  useEffect(() => {
    const left = checked.current;
    checked.current = tab;
    if (tab === 'review') void trigger();
    else if (left !== tab && left !== 'review') void trigger(FIELDS_OF_TAB[left]);
  }, [tab, trigger]);
  return seen.visited;
}

function visitedAfter(visited: ReadonlySet<CreateTab>, left: CreateTab, entered: CreateTab): ReadonlySet<CreateTab> {
  if (entered === 'review') return new Set(CREATE_TABS);
  return left === entered ? visited : new Set([...visited, left]);
}
