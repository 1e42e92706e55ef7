/** @type {import('next').NextConfig} */
const config = {
  poweredByHeader: false,
  reactStrictMode: true,
  // `next dev` would print server action arguments, and those carry access tokens.
  logging: { serverFunctions: false },
};

export default config;
