/** What ARM's tokens are for; the portal's default. */
export const ARM_RESOURCE = 'https://management.azure.com';

/** Audiences that ARM takes beside its own origin, as ARM lists them. */
const ARM_AUDIENCES: readonly string[] = [
  'https://management.core.windows.net/',
  'https://management.core.windows.net',
  'https://management.azure.com/',
  'https://management.azure.com',
];

/** @param armOrigin under which the caller reached ARM, `https://localhost:8443`. */
export function armAudiences(armOrigin: string): string[] {
  return [...ARM_AUDIENCES, `${armOrigin}/`, armOrigin];
}

/** Names under which a client may ask for ARM's one scope; Entra knows them all. */
export const ARM_SCOPES: readonly string[] = [
  'user_impersonation',
  ...ARM_AUDIENCES.flatMap((audience) => [`${audience}/user_impersonation`, `${audience}/.default`]),
];
