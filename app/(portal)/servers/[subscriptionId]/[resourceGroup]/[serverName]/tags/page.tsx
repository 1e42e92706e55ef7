import { tagServer } from '@/app/(portal)/servers/actions';
import { TagsBlade } from '@/components/tags/tags-blade';

export default function TagsPage() {
  return <TagsBlade actions={{ setTags: tagServer }} />;
}
