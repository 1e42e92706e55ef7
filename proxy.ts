import { NextResponse, type NextRequest } from 'next/server';
import { contentSecurityPolicy } from '@/lib/auth/content-security-policy';
import { readPortalConfig, type PortalConfig } from '@/lib/config';
import { SIGNED_IN_COOKIE } from '@/lib/paths';

/**
 * Before every page and handler: one origin, the content security policy, and the sign-in page in the place of any page
 * while nobody is signed in (the address stays, so that people get where they wanted to go).
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
  headers.delete('x-flexdeck-page');
  const signedIn = request.cookies.has(SIGNED_IN_COOKIE) && !request.nextUrl.searchParams.has('signIn');
  if (!signedIn) headers.set('x-flexdeck-page', 'sign-in');
  const response = signedIn
    ? NextResponse.next({ request: { headers } })
    : NextResponse.rewrite(new URL('/sign-in', request.url), { request: { headers } });
  response.headers.set('content-security-policy', policy);
  return response;
}

export const config = {
  // Files are the same for everybody.
  matcher: ['/((?!_next/static|_next/image|icon.svg|redirect.html|redirect.js).*)'],
};
