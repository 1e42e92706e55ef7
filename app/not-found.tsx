import { NotFound } from '@/components/blade/not-found';

export default function NotFoundPage() {
  return <NotFound />;
}
