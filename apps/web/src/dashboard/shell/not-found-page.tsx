import { Link } from 'wouter';
import { Empty } from '../../ui/states.tsx';
import { usePageTitle } from './page-title.ts';

export default function NotFoundPage() {
  usePageTitle('Not found');
  return (
    <Empty page title="There is no such page" action={<Link href="/">Go to the volunteer page</Link>}>
      The address may be mistyped, or a link may be out of date.
    </Empty>
  );
}
