import { NextResponse, type NextRequest } from 'next/server';
import { contentSecurityPolicy } from '@/lib/auth/content-security-policy';
import { readPortalConfig, type PortalConfig } from '@/lib/config';

/**
 * Before every page and handler: one origin, and the content security policy. (The sign-in page stands in for the others
 * by `rewrites` in next.config.js: a rewrite from here leads astray when Next listens on 127.0.0.1.)
 */
export function proxy(request: NextRequest): NextResponse {
  let config: PortalConfig | undefined;
  try {
    config = readPortalConfig();
  } catch {
    // The page itself says what is wrong.
  }
  const host = request.headers.get('host') ?? '';
  const { hostname, port } = URL.canParse(`http://${host}`) ? new URL(`http://${host}`) : { hostname: '', port: '' };
  // A page of another name that resolves to this machine (DNS rebinding) gets nothing.
  if (config?.hostNames && !config.hostNames.includes(hostname)) {
    return new NextResponse('This portal answers at localhost only.\n', { status: 421 });
  }
  const { pathname, search } = request.nextUrl;
  if (hostname === '127.0.0.1' || hostname === '[::1]') {
    return NextResponse.redirect(`http://localhost${port && `:${port}`}${pathname}${search}`, 307);
  }
  if (pathname.startsWith('/api/')) return NextResponse.next();

  const nonce = crypto.randomUUID();
  const policy = contentSecurityPolicy({
    nonce,
    origins: config?.signIn.origins ?? [],
    development: config?.development ?? false,
  });
  const headers = new Headers(request.headers);
  headers.set('x-nonce', nonce);
  headers.set('content-security-policy', policy);
  const response = NextResponse.next({ request: { headers } });
  response.headers.set('content-security-policy', policy);
  return response;
}

export const config = {
  // Files are the same for everybody.
  matcher: ['/((?!_next/static|_next/image|icon.svg|redirect.html|redirect.js).*)'],
};
