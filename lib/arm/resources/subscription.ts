import * as z from 'zod';

export const Subscription = z.looseObject({
  id: z.string(),
  subscriptionId: z.string(),
  displayName: z.string(),
  tenantId: z.string().optional(),
  state: z.string().optional(),
});
export type Subscription = z.infer<typeof Subscription>;

export const Location = z.looseObject({
  id: z.string().optional(),
  name: z.string(),
  displayName: z.string(),
  availabilityZoneMappings: z.array(z.looseObject({ logicalZone: z.string() })).nullish(),
  metadata: z.looseObject({ pairedRegion: z.array(z.looseObject({ name: z.string() })).nullish() }).nullish(),
});
export type Location = z.infer<typeof Location>;
