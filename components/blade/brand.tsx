/** The product's sign: a deck of three servers, the front one lit. */
export function BrandMark({ size = 20 }: { size?: number }) {
  return (
    <svg viewBox="0 0 24 24" width={size} height={size} aria-hidden className="shrink-0">
      <rect x="5" y="2.5" width="16" height="5.2" rx="1.7" fill="#2f5f9e" />
      <rect x="3.500" y="9.300" width="16" height="5.200" rx="1.700" fill="#3f86e0" />
      <rect x="2" y="16.100" width="16" height="5.400" rx="1.700" fill="#8cc4ff" />
      <circle cx="5.200" cy="18.800" r="1.100" fill="#0d1b2e" />
      <path d="M9 18.800h6" stroke="#0d1b2e" strokeWidth="1.300" strokeLinecap="round" />
    </svg>
  );
}
