/** Headers that do not depend on the request; the content security policy, which has a nonce, is set in proxy.ts. */
const everywhere = [
  { key: 'X-Content-Type-Options', value: 'nosniff' },
  { key: 'Referrer-Policy', value: 'same-origin' },
  { key: 'Permissions-Policy', value: 'camera=(), geolocation=(), microphone=(), payment=(), usb=()' },
];

/** @type {import('next').NextConfig} */
const config = {
  poweredByHeader: false,
  reactStrictMode: true,
  // `next dev` would print server action arguments, and those carry access tokens.
  logging: { serverFunctions: false },
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
