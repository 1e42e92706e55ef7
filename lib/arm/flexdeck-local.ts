/**
 * The provider of what Azure has no API for: extension resources of a server, or of a subscription. Whoever shows such a
 * part looks first whether the cloud lists the provider.
 */
export const FLEXDECK_LOCAL = 'Flexdeck.Local';
export const FLEXDECK_LOCAL_VERSION = '2026-11-01-preview';
