'use client';

import dynamic from 'next/dynamic';

// Every page carries this one along: what it shows is fetched when it is needed.
const NotFound = dynamic(() => import('@/components/blade/not-found').then((module) => module.NotFound));

export default function NotFoundPage() {
  return <NotFound />;
}
