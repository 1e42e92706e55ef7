import * as z from 'zod';

/** GET …/locations/{location}/capabilitySets/default (2023-06-01-preview and later). Sizes of storage in MB. */
export const CapabilitySet = z.looseObject({
  name: z.string().optional(),
  properties: z.looseObject({
    supportedGeoBackupRegions: z.array(z.string()).nullish(),
    supportedFlexibleServerEditions: z
      .array(
        z.looseObject({
          name: z.string(),
          defaultSku: z.string().nullish(),
          defaultStorageSize: z.number().nullish(),
          supportedStorageEditions: z
            .array(
              z.looseObject({
                name: z.string().optional(),
                minStorageSize: z.number().nullish(),
                maxStorageSize: z.number().nullish(),
                minBackupRetentionDays: z.number().nullish(),
                maxBackupRetentionDays: z.number().nullish(),
              }),
            )
            .nullish(),
          supportedSkus: z
            .array(
              z.looseObject({
                name: z.string(),
                vCores: z.number().nullish(),
                supportedIops: z.number().nullish(),
                supportedMemoryPerVCoreMB: z.number().nullish(),
                supportedZones: z.array(z.string()).nullish(),
                supportedHAMode: z.array(z.string()).nullish(),
              }),
            )
            .nullish(),
        }),
      )
      .nullish(),
    supportedServerVersions: z.array(z.looseObject({ name: z.string() })).nullish(),
    supportedFeatures: z.array(z.looseObject({ featureName: z.string(), featureValue: z.string() })).nullish(),
  }),
});
export type CapabilitySet = z.infer<typeof CapabilitySet>;

export const NameAvailability = z.looseObject({
  nameAvailable: z.boolean(),
  reason: z.string().nullish(),
  message: z.string().nullish(),
});
export type NameAvailability = z.infer<typeof NameAvailability>;
