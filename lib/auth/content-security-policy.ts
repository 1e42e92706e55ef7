interface PolicyOptions {
  /** Of this response, once. */
  nonce: string;
  /** Origins of the issuer. */
  origins: readonly string[];
  /** React's development build evaluates code and has a socket of its own. */
  development: boolean;
}

/**
 * What a page of the portal may load: its own files, scripts with this response's nonce, and the issuer (which is asked
 * for tokens, and framed for the silent renewal). Styles may be inline: components place popovers and columns by them.
 */
export function contentSecurityPolicy({ nonce, origins, development }: PolicyOptions): string {
  const issuer = origins.join(' ');
  return [
    "default-src 'self'",
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'${development ? " 'unsafe-eval'" : ''}`,
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    `connect-src 'self' ${issuer}${development ? ' ws://localhost:*' : ''}`,
    `frame-src 'self' ${issuer}`,
    "frame-ancestors 'none'",
    "form-action 'self'",
    "base-uri 'none'",
    "object-src 'none'",
  ].join('; ');
}
