import * as z from 'zod';

/** The certificate that a server shows to its clients: `…/providers/Flexdeck.Local/certificate`. */
export const ServerCertificate = z.looseObject({
  id: z.string(),
  properties: z.looseObject({
    /** `127.83.1.2`, `orders.mysql.localhost`. */
    names: z.array(z.string()),
    /** ISO 8601, as all of these. */
    validFrom: z.string(),
    validTo: z.string(),
    /** When it is replaced by itself. */
    renewedFrom: z.string(),
    /** SHA-256, in hex with colons. */
    fingerprint: z.string(),
  }),
});
export type ServerCertificate = z.infer<typeof ServerCertificate>;
