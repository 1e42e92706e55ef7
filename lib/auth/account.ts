/** Who is signed in, as the token says. */
export interface Account {
  name: string;
  userName: string;
  objectId: string;
  tenantId: string;
}

/** What the browser needs to sign in; public. */
export interface SignInSettings {
  clientId: string;
  authority: string;
  scopes: string[];
  /** Where people set a password of their own, if they can. */
  passwordPage?: string;
  /** The issuer's metadata as JSON, where MSAL cannot look it up. */
  metadata?: string;
}
