import { Fragment } from 'react';
import { Link } from 'wouter';

/** A text of the kernels or of a refusal, in which the guide's file name leads to the page that shows it. */
export function WithGuide(props: { text: string }) {
  return props.text.split(/(docs\/kernels\.md)/).map((part, index) => {
    // biome-ignore lint/suspicious/noArrayIndexKey: a text's parts never change places
    return <Fragment key={index}>{index % 2 === 1 ? <Link href="/guide">the guide</Link> : part}</Fragment>;
  });
}
