/** The provider of what Azure has no API for. The portal shows these parts only where it is listed. */
export const FLEXDECK_LOCAL = 'Flexdeck.Local';

/** Its one api-version. */
export const FLEXDECK_LOCAL_VERSION = '2026-11-01-preview';
