'use client';

import { useQuery, useQueryClient } from '@tanstack/react-query';
import dynamic from 'next/dynamic';
import { useRouter } from 'next/navigation';
import { parseAsStringLiteral, useQueryState } from 'nuqs';
import type { ReactNode } from 'react';
import { FormProvider, type FieldPath } from 'react-hook-form';
import { BladeFrame } from '@/components/blade/blade-frame';
import { useOperations } from '@/components/blade/operations';
import { Notice } from '@/components/ui/notice';
import { Tabs, type Tab } from '@/components/ui/tabs';
import { TextButton } from '@/components/ui/text-button';
import { resourceGroupId, serverId } from '@/lib/arm/resource-id';
import { apiPaths, paths } from '@/lib/paths';
import { useArmAction } from '@/lib/queries/action';
import { keyOf } from '@/lib/queries/client';
import { usePermission } from '@/lib/queries/permissions';
import { locationsQuery, resourceGroupsQuery, subscriptionsQuery } from '@/lib/queries/subscriptions';
import { CREATE_TABS, tabOfField, type CreateServerForm, type CreateTab } from '@/lib/rules/create-server-form';
import { BasicsTab } from './basics-tab';
import { CODE_FORMATS, type CodeFormat } from './code-formats';
import type { CreateActions } from './create-actions';
import { useCreateDraft } from './create-draft';
import { CreateFooter } from './create-footer';
import { EstimateCard } from './estimate-card';
import { focusField } from './focus-field';
import { useCreateServerForm } from './use-create-server-form';
import { useFirstChoices } from './use-first-choices';
import { usePendingDeployments } from './use-pending-deployment';
import { useStoredDraft } from './use-stored-draft';
import { useVisitedTabs } from './use-visited-tabs';

// The later steps and the panes are fetched when they are opened.
const NetworkingTab = dynamic(() => import('./networking-tab').then((module) => module.NetworkingTab));
const SecurityTab = dynamic(() => import('./security-tab').then((module) => module.SecurityTab));
const TagsTab = dynamic(() => import('./tags-tab').then((module) => module.TagsTab));
const ReviewTab = dynamic(() => import('./review-tab').then((module) => module.ReviewTab));
const SizePane = dynamic(() => import('./size-pane').then((module) => module.SizePane));
const CodePane = dynamic(() => import('./code-pane').then((module) => module.CodePane));
const CreateGroupDialog = dynamic(() => import('./create-group-dialog').then((module) => module.CreateGroupDialog));
const PasteRangesDialog = dynamic(() =>
  import('@/components/servers/paste-ranges-dialog').then((module) => module.PasteRangesDialog),
);

const TAB_LABELS: Record<CreateTab, string> = {
  basics: '1 Basics',
  networking: '2 Networking',
  security: '3 Security',
  tags: '4 Tags',
  review: '5 Review + create',
};

const PANES = ['size', 'group', 'paste', ...CODE_FORMATS] as const;
const WRITE = 'Microsoft.DBforMySQL/flexibleServers/write';

/** The blade that creates a server. Tab and pane are in the URL; what is typed stays in memory. */
export function CreateServer({ actions }: { actions: CreateActions }) {
  const router = useRouter();
  const queryClient = useQueryClient();
  const draft = useCreateDraft();
  const { follow } = useOperations();
  const [tab, setTab] = useQueryState(
    'tab',
    parseAsStringLiteral(CREATE_TABS).withDefault('basics').withOptions({ history: 'push' }),
  );
  const [pane, setPane] = useQueryState('pane', parseAsStringLiteral(PANES).withOptions({ history: 'push' }));
  const { methods, form, offer, offerQuery, nameCheck, faults } = useCreateServerForm();
  const { restored, beginAnew } = useStoredDraft(methods, form);
  useFirstChoices(methods);
  const visited = useVisitedTabs(tab, methods.trigger);
  const create = useArmAction(actions.createServer);
  const deployments = usePendingDeployments();
  const { data: subscriptions } = useQuery(subscriptionsQuery());
  const { data: locations } = useQuery(locationsQuery(form.subscriptionId));
  const { data: groups } = useQuery(resourceGroupsQuery(form.subscriptionId));
  const locationName = locations?.find(({ name }) => name === form.location)?.displayName ?? form.location;
  const scope = scopeOf(form);
  const forbidden = usePermission(scope, WRITE);
  const closePane = () => void setPane(null);

  const edit = async (to: CreateTab, field?: string) => {
    await setTab(to);
    if (field) requestAnimationFrame(() => focusField(field));
  };

  const submit = async () => {
    const values = methods.getValues();
    const [result, { fieldErrors, firewallRulesToPut }] = await Promise.all([
      create.run(values),
      import('@/lib/rules/create-server-request'),
    ]);
    if (!result.ok) {
      const atFields = fieldErrors(result.error);
      for (const { field, message } of atFields) methods.setError(field, { type: 'server', message });
      if (atFields.some(({ field }) => field === 'resourceGroup')) {
        void queryClient.invalidateQueries({ queryKey: keyOf(apiPaths.resourceGroups(values.subscriptionId)) });
      }
      const [first] = atFields;
      if (first) await edit(tabOfField(first.field), first.field);
      return;
    }
    draft.keep(values);
    const href = paths.deployment(values);
    const { operationUrl } = result.value;
    deployments.keep({
      resourceId: serverId(values),
      operationUrl,
      startedAt: new Date().toISOString(),
      rules: firewallRulesToPut(values),
    });
    follow({
      begun: result.value,
      title: `Creating ${values.serverName}`,
      href,
      refresh: [apiPaths.server(values), apiPaths.servers(values.subscriptionId)],
    });
    router.push(href);
  };

  const content: Record<CreateTab, ReactNode> = {
    basics: (
      <BasicsTab
        offer={offer}
        offerError={offerQuery.error}
        onRetryOffer={() => void offerQuery.refetch()}
        nameCheck={nameCheck}
        onCreateGroup={() => void setPane('group')}
        onChangeSize={() => void setPane('size')}
      />
    ),
    networking: <NetworkingTab onPaste={() => void setPane('paste')} />,
    security: <SecurityTab />,
    tags: <TagsTab />,
    review: (
      <ReviewTab
        form={form}
        subscriptionName={
          subscriptions?.find(({ subscriptionId }) => subscriptionId === form.subscriptionId)?.displayName ??
          form.subscriptionId
        }
        locationName={locationName}
        faults={faults}
        refusal={create.error}
        onEdit={(to, field) => void edit(to, field)}
      />
    ),
  };
  const tabs = CREATE_TABS.map((id): Tab => {
    const wrong = faults.some((fault) => fault.tab === id);
    return {
      id,
      label: TAB_LABELS[id],
      mark: !visited.has(id) || id === 'review' ? undefined : wrong ? 'wrong' : 'done',
      content: (
        <div className="grid max-w-[1280px] items-start gap-x-8 gap-y-6 px-3.5 pt-[18px] md:px-6 lg:grid-cols-[minmax(0,1fr)_320px] [&>*]:min-w-0">
          <div className="grid gap-4">
            {forbidden && (
              <Notice tone="warn" title="You can’t create servers here.">
                {forbidden}
              </Notice>
            )}
            {restored && (
              <Notice action={<TextButton onClick={beginAnew}>Begin anew</TextButton>}>
                What you had filled in is back. Passwords are not kept: write yours again.
              </Notice>
            )}
            {content[id]}
          </div>
          <div className="lg:sticky lg:top-[60px]">
            <EstimateCard form={form} offer={offer} />
          </div>
        </div>
      ),
    };
  });

  return (
    <FormProvider {...methods}>
      <BladeFrame
        title="Create a MySQL flexible server"
        crumbs={[
          { label: 'Home', href: paths.home() },
          { label: 'Servers', href: paths.servers() },
          { label: 'Create' },
        ]}
        tabs={
          <Tabs label="Steps" inset="page" tabs={tabs} value={tab} onChange={(id) => void setTab(id as CreateTab)} />
        }
        footer={
          <CreateFooter
            tab={tab}
            onTab={(to) => void setTab(to)}
            onCreate={() => void submit()}
            pending={create.pending}
            disabledReason={
              forbidden ??
              (faults.length > 0
                ? `Correct ${faults.length === 1 ? 'one thing' : `${faults.length} things`} first: ${faults[0]!.message}`
                : undefined)
            }
            onShowCode={(format) => void setPane(format)}
          />
        }
      >
        {null}
      </BladeFrame>
      {pane === 'size' && offer && (
        <SizePane
          offer={offer}
          form={form}
          onClose={closePane}
          onApply={(values) => {
            for (const [name, value] of Object.entries(values))
              methods.setValue(name as keyof CreateServerForm, value, { shouldDirty: true });
            void methods.trigger(Object.keys(values) as FieldPath<CreateServerForm>[]);
            closePane();
          }}
        />
      )}
      {pane === 'group' && (
        <CreateGroupDialog
          createGroup={actions.createGroup}
          subscriptionId={form.subscriptionId}
          location={form.location}
          locationName={locationName}
          taken={(groups ?? []).map(({ name }) => name)}
          onClose={closePane}
          onCreated={(name) => {
            methods.setValue('resourceGroup', name, { shouldDirty: true, shouldTouch: true, shouldValidate: true });
            closePane();
          }}
        />
      )}
      {pane === 'paste' && (
        <PasteRangesDialog
          taken={form.firewallRules.map(({ name }) => name)}
          onClose={closePane}
          onAdd={(rules) => {
            methods.setValue('firewallRules', [...methods.getValues('firewallRules'), ...rules], {
              shouldDirty: true,
              shouldValidate: true,
            });
            closePane();
          }}
        />
      )}
      {isCodeFormat(pane) && <CodePane form={form} format={pane} onClose={closePane} />}
    </FormProvider>
  );
}

function isCodeFormat(pane: string | null): pane is CodeFormat {
  return CODE_FORMATS.some((format) => format === pane);
}

/** Where the permission to create is asked for: the group once there is one, before that the subscription. */
function scopeOf({ subscriptionId, resourceGroup }: CreateServerForm): string {
  if (subscriptionId === '') return '';
  return resourceGroup === '' ? `/subscriptions/${subscriptionId}` : resourceGroupId(subscriptionId, resourceGroup);
}
