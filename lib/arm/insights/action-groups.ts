import * as z from 'zod';

export const WebhookReceiver = z.looseObject({
  name: z.string(),
  serviceUri: z.string(),
  useCommonAlertSchema: z.boolean().nullish(),
  useAadAuth: z.boolean().nullish(),
});
export type WebhookReceiver = z.infer<typeof WebhookReceiver>;

export const EmailReceiver = z.looseObject({
  name: z.string(),
  emailAddress: z.string(),
  useCommonAlertSchema: z.boolean().nullish(),
  status: z.string().nullish(),
});
export type EmailReceiver = z.infer<typeof EmailReceiver>;

const others = z.array(z.looseObject({})).nullish();

/** Every kind of receiver that Azure has; this control plane knows two of them. */
const receivers = {
  webhookReceivers: z.array(WebhookReceiver).nullish(),
  emailReceivers: z.array(EmailReceiver).nullish(),
  smsReceivers: others,
  voiceReceivers: others,
  itsmReceivers: others,
  azureAppPushReceivers: others,
  automationRunbookReceivers: others,
  logicAppReceivers: others,
  azureFunctionReceivers: others,
  armRoleReceivers: others,
  eventHubReceivers: others,
  incidentReceivers: others,
};

const properties = {
  groupShortName: z.string(),
  enabled: z.boolean().nullish(),
  ...receivers,
};

export const ActionGroup = z.looseObject({
  id: z.string(),
  name: z.string(),
  location: z.string(),
  tags: z.record(z.string(), z.string()).nullish(),
  properties: z.looseObject(properties),
});
export type ActionGroup = z.infer<typeof ActionGroup>;

const envelope = {
  id: z.string().optional(),
  name: z.string().optional(),
  type: z.string().optional(),
  kind: z.string().optional(),
  tags: z.record(z.string(), z.string()).nullish(),
};

export const ActionGroupForPut = z.strictObject({
  ...envelope,
  location: z.string(),
  properties: z.strictObject(properties),
});

export const ActionGroupForPatch = z.strictObject({
  ...envelope,
  properties: z.strictObject({ enabled: z.boolean().nullish() }).nullish(),
});

/** The body of `createNotifications`. */
export const NotificationRequest = z.strictObject({ alertType: z.string().max(30), ...receivers });
export type NotificationRequest = z.infer<typeof NotificationRequest>;

/** What became of a test notification. */
export const NotificationDetails = z.looseObject({
  state: z.string(),
  actionDetails: z
    .array(
      z.looseObject({
        Name: z.string().nullish(),
        MechanismType: z.string().nullish(),
        Status: z.string().nullish(),
        Detail: z.string().nullish(),
      }),
    )
    .nullish(),
});
export type NotificationDetails = z.infer<typeof NotificationDetails>;
