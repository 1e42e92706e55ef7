import type { FirewallRule } from '@/lib/arm/mysql/firewall-rule';
import type { Server } from '@/lib/arm/mysql/server';
import type { NamedAddressRange } from '@/lib/rules/address-ranges';

/** How the making of a server goes, as steps that people read. Everything is read off what ARM says now. */
export interface DeploymentStep {
  id: string;
  label: string;
  state: 'waiting' | 'running' | 'done' | 'failed';
  /** What it is doing, or how it ended, in words. */
  detail?: string;
  /** 0 to 100, where the service says so. */
  percent?: number;
  error?: StepError;
}

export interface StepError {
  code: string;
  message: string;
  requestId?: string;
}

interface Observed {
  serverName: string;
  resourceGroup: string;
  /** The operation that makes the server, as the bell follows it; undefined when it knows of none. */
  operation: { status: string; stage?: string; percentComplete?: number; error?: StepError } | undefined;
  server: Server | undefined;
  /** Why the server could not be read; `status` 404 means that it is not there. */
  serverError: (StepError & { status: number }) | undefined;
  /** Rules that are wanted; those that exist; and those that are being put or were refused. */
  wanted: readonly NamedAddressRange[];
  existing: readonly FirewallRule[] | undefined;
  running: string | undefined;
  refused: Readonly<Record<string, StepError>>;
}

export function deploymentSteps(observed: Observed): DeploymentStep[] {
  const server = serverStep(observed);
  // Whatever the service says of the server, it has found the group; only this one answer says that it has not.
  const groupIsSeen = observed.server ?? observed.serverError ?? observed.operation;
  const group: DeploymentStep = {
    id: 'group',
    label: `Resource group ${observed.resourceGroup}`,
    state: groupIsSeen ? 'done' : 'running',
    detail: groupIsSeen && 'It is there.',
  };
  const groupIsGone = observed.serverError?.code === 'ResourceGroupNotFound';
  return [
    groupIsGone ? { ...group, state: 'failed', detail: undefined, error: observed.serverError } : group,
    groupIsGone ? { ...server, state: 'waiting', error: undefined } : server,
    ...observed.wanted.map((rule) => ruleStep(rule, observed, server.state === 'done')),
  ];
}

function serverStep({ serverName, operation, server, serverError }: Observed): DeploymentStep {
  const step = { id: 'server', label: `Server ${serverName}` };
  if (operation?.status === 'Failed' || operation?.status === 'Canceled') {
    const fallback = { code: operation.status, message: 'The service gave no reason.' };
    const detail = serverError?.status === 404 ? 'Nothing of it was left behind.' : undefined;
    return { ...step, state: 'failed', detail, error: operation.error ?? fallback };
  }
  if (operation?.status === 'Running') {
    return { ...step, state: 'running', detail: operation.stage, percent: operation.percentComplete };
  }
  const state = server?.properties.state;
  if (server && state === 'Disabled') {
    return {
      ...step,
      state: 'failed',
      error: { code: 'Disabled', message: server.properties.stateReason ?? 'The server is disabled.' },
    };
  }
  if (server && (state === 'Ready' || state === 'Stopped' || state === 'Stopping')) {
    return {
      ...step,
      state: 'done',
      detail: state === 'Ready' ? 'Ready for connections.' : `It is there, and ${state}.`,
    };
  }
  if (server) return { ...step, state: 'running', detail: state ?? undefined };
  if (serverError?.status === 404) {
    const message = 'There is no such server. Either it was deleted, or making it failed and was rolled back.';
    return operation?.status === 'Succeeded'
      ? { ...step, state: 'running' }
      : { ...step, state: 'failed', error: { ...serverError, message } };
  }
  if (serverError) return { ...step, state: 'failed', error: serverError };
  return { ...step, state: 'running' };
}

function ruleStep(rule: NamedAddressRange, observed: Observed, serverIsThere: boolean): DeploymentStep {
  const { startIpAddress: start, endIpAddress: end } = rule;
  const step = {
    id: `rule:${rule.name}`,
    label: `Firewall rule ${rule.name}`,
    detail: start === end ? start : `${start} – ${end}`,
  };
  const error = observed.refused[rule.name];
  if (isInForce(rule, observed.existing)) return { ...step, state: 'done' };
  if (error) return { ...step, state: 'failed', error };
  if (observed.running === rule.name) return { ...step, state: 'running' };
  return {
    ...step,
    state: 'waiting',
    detail: serverIsThere ? step.detail : `${step.detail}, once the server is there`,
  };
}

function isInForce(rule: NamedAddressRange, existing: readonly FirewallRule[] | undefined): boolean {
  return (existing ?? []).some(
    ({ name, properties }) =>
      name.toLowerCase() === rule.name.toLowerCase() &&
      properties.startIpAddress === rule.startIpAddress &&
      properties.endIpAddress === rule.endIpAddress,
  );
}

/** The rule to put next; undefined while the server or its rules are not known, and when there is nothing left to try. */
export function nextRule(observed: Observed): NamedAddressRange | undefined {
  if (serverStep(observed).state !== 'done' || observed.server?.properties.state !== 'Ready') return undefined;
  if (!observed.existing || observed.running !== undefined) return undefined;
  return observed.wanted.find((rule) => !isInForce(rule, observed.existing) && !observed.refused[rule.name]);
}
