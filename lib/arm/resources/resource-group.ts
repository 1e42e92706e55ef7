import * as z from 'zod';

export const ResourceGroup = z.looseObject({
  id: z.string(),
  name: z.string(),
  location: z.string(),
  tags: z.record(z.string(), z.string()).nullish(),
  properties: z.looseObject({ provisioningState: z.string().optional() }).optional(),
});
export type ResourceGroup = z.infer<typeof ResourceGroup>;

export const ResourceGroupForPut = z.strictObject({
  id: z.string().optional(),
  name: z.string().optional(),
  type: z.string().optional(),
  location: z.string().min(1),
  managedBy: z.string().nullish(),
  properties: z.looseObject({}).nullish(),
  tags: z.record(z.string(), z.string()).nullish(),
});

/** Microsoft.Authorization/permissions: what the caller may do at a scope. */
export const Permission = z.looseObject({
  actions: z.array(z.string()),
  notActions: z.array(z.string()).optional(),
});
export type Permission = z.infer<typeof Permission>;
