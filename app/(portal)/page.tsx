import { HomeBlade } from '@/components/home/home-blade';

export default function HomePage() {
  return <HomeBlade />;
}
