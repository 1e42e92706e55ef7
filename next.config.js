/** Headers that do not depend on the request; the content security policy, which has a nonce, is set in proxy.ts. */
const everywhere = [
  { key: 'X-Content-Type-Options', value: 'nosniff' },
  { key: 'Referrer-Policy', value: 'same-origin' },
  { key: 'Permissions-Policy', value: 'camera=(), geolocation=(), microphone=(), payment=(), usb=()' },
];

/** Every page; not the handlers, nor files. */
const pages = '/((?!api/|_next/|sign-in$|redirect\\.(?:html|js)$|icon\\.svg$).*)';

/** @type {import('next').NextConfig} */
const config = {
  poweredByHeader: false,
  reactStrictMode: true,
  // Otherwise Next takes 127.0.0.1 and localhost for one host, and makes the redirect from one to the other a circle.
  skipProxyUrlNormalize: true,
  // `next dev` would print server action arguments, and those carry access tokens.
  logging: { serverFunctions: false },
  // The sign-in page in the place of any page while nobody is signed in; the address stays, so that people get where they
  // wanted to go. The cookie is a hint and no secret: whoever sets it by hand sees a frame that asks them to sign in.
  rewrites: async () => ({
    beforeFiles: [
      { source: pages, missing: [{ type: 'cookie', key: 'flexdeck-signed-in' }], destination: '/sign-in' },
      { source: pages, has: [{ type: 'query', key: 'signIn' }], destination: '/sign-in' },
    ],
  }),
  // It only ever stands in for another page.
  redirects: async () => [{ source: '/sign-in', destination: '/', permanent: false }],
  headers: async () => [
    {
      source: '/((?!redirect\\.html).*)',
      headers: [
        ...everywhere,
        { key: 'X-Frame-Options', value: 'DENY' },
        { key: 'Cross-Origin-Opener-Policy', value: 'same-origin' },
      ],
    },
    {
      // Framed by our own pages for the silent renewal, and without an opener policy, which would cut it off from them.
      source: '/redirect.html',
      headers: [
        ...everywhere,
        { key: 'Cache-Control', value: 'no-store' },
        {
          key: 'Content-Security-Policy',
          value: "default-src 'none'; script-src 'self'; frame-ancestors 'self'; base-uri 'none'",
        },
      ],
    },
  ],
};

export default config;
