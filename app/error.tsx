'use client';

import dynamic from 'next/dynamic';

// Every page carries this one along: what it shows is fetched when it is needed.
const PageFailed = dynamic(() => import('@/components/blade/page-failed').then((module) => module.PageFailed));

export default function ErrorPage(props: { error: Error & { digest?: string }; reset: () => void }) {
  return <PageFailed {...props} />;
}
