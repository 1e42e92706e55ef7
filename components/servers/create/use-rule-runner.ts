'use client';

import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import type { ServerKey } from '@/lib/arm/resource-id';
import { apiPaths } from '@/lib/paths';
import { useArmAction } from '@/lib/queries/action';
import { keyOf } from '@/lib/queries/client';
import { pollDelay, readOperation } from '@/lib/queries/operations';
import type { NamedAddressRange } from '@/lib/rules/address-ranges';
import type { BegunWrite, DeploymentActions } from './create-actions';
import { nextRule, type deploymentSteps, type StepError } from './deployment-steps';

type Observed = Omit<Parameters<typeof deploymentSteps>[0], 'running' | 'refused'>;

/**
 * Puts the wanted rules that are not in force, one after another, as soon as the server takes them. It works off what
 * ARM says is there, so it goes on where it was after a reload, and a rule that is put twice does no harm.
 */
export function useRuleRunner(
  key: ServerKey,
  observed: Observed,
  putFirewallRule: DeploymentActions['putFirewallRule'],
) {
  const queryClient = useQueryClient();
  const { run } = useArmAction(putFirewallRule);
  const [running, setRunning] = useState<string>();
  const [refused, setRefused] = useState<Record<string, StepError>>({});
  const busy = useRef(false);
  const next = nextRule({ ...observed, running, refused });

  useEffect(() => {
    if (!next || busy.current) return;
    busy.current = true;
    setRunning(next.name);
    void putToItsEnd(run, key, next).then(async (error) => {
      if (error) setRefused((known) => ({ ...known, [next.name]: error }));
      await queryClient.invalidateQueries({ queryKey: keyOf(apiPaths.firewallRules(key)) });
      busy.current = false;
      setRunning(undefined);
    });
  }, [next, run, key, queryClient]);

  return {
    observed: { running, refused },
    /** Rules are still to be put. */
    waiting: observed.wanted.length > 0,
    retry: (name: string) => setRefused(({ [name]: _, ...others }) => others),
  };
}

type Run = (
  key: ServerKey,
  rule: NamedAddressRange,
) => Promise<{ ok: true; value: BegunWrite } | { ok: false; error: StepError }>;

/** Puts one rule and waits for the end of its operation; the error, if it did not succeed. */
async function putToItsEnd(run: Run, key: ServerKey, rule: NamedAddressRange): Promise<StepError | undefined> {
  const result = await run(key, rule);
  if (!result.ok) return result.error;
  const { operationUrl } = result.value;
  if (operationUrl === null) return undefined;
  let retryAfterSeconds: number | undefined = result.value.retryAfterSeconds;
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, pollDelay(retryAfterSeconds)));
    try {
      const status = await readOperation(operationUrl);
      if (status.status === 'Succeeded') return undefined;
      if (status.status !== 'Running') {
        return status.error ?? { code: status.status, message: 'The service gave no reason.' };
      }
      retryAfterSeconds = status.retryAfterSeconds;
    } catch (failure) {
      const code = failure instanceof Error && 'code' in failure ? String(failure.code) : 'Unknown';
      return {
        code,
        message: `It is not known how this ended: ${failure instanceof Error ? failure.message : String(failure)}`,
      };
    }
  }
}
