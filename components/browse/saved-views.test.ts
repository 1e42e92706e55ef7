import { expect, test } from 'vitest';
import { parseViews, withView } from './saved-views.ts';

test('keeps one view of each name, in their order', () => {
  let views = withView([], { name: 'stopped', search: '?state=Stopped' });
  views = withView(views, { name: 'mine', search: '?q=mine' });
  views = withView(views, { name: 'stopped', search: '?state=Stopped&by=group' });
  expect(views).toEqual([
    { name: 'mine', search: '?q=mine' },
    { name: 'stopped', search: '?state=Stopped&by=group' },
  ]);
});

test('reads only what it wrote', () => {
  expect(parseViews('[{"name":"a","search":"?q=1","more":1},{"name":2},null,7]')).toEqual([
    { name: 'a', search: '?q=1' },
  ]);
  for (const broken of [null, '{', '{}', 'null']) expect(parseViews(broken)).toEqual([]);
});
