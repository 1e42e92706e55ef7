import { PropertiesBlade } from '@/components/properties/properties-blade';

export default function PropertiesPage() {
  return <PropertiesBlade />;
}
